"""The Django project: settings, URLs, Celery, logs and health checks; no business rules."""

from .celery import app as celery_app

__all__ = ["celery_app"]
