"""Celery entry points."""

from celery import shared_task
from django.core.management import call_command

from .members import unconfirmed_sign_ups


@shared_task
def purge_unconfirmed_sign_ups() -> None:
    """Delete sign-ups that nobody confirmed within a week."""
    unconfirmed_sign_ups.purge()


@shared_task
def clear_expired_sessions() -> None:
    """Delete the sessions that nobody can use any more."""
    call_command("clearsessions")
