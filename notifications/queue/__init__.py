"""Enqueue work: Celery tasks, the mail outbox, channel pauses and counters."""
