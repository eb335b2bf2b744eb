"""Celery tasks of the accounts app."""

from celery import shared_task
from django.core.management import call_command

from .members import unconfirmed_sign_ups


@shared_task
def purge_unconfirmed_sign_ups() -> None:
    """Delete sign-ups that nobody confirmed within a week."""
    unconfirmed_sign_ups.purge()


@shared_task
def clear_expired_sessions() -> None:
    """Delete expired sessions."""
    call_command("clearsessions")
