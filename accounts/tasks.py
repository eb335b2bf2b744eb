"""Celery entry points."""

from celery import shared_task

from . import unconfirmed


@shared_task
def purge_unconfirmed_sign_ups() -> None:
    """Delete sign-ups that nobody confirmed within a week."""
    unconfirmed.purge()
