"""The Celery application and its timetable."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sellerhub.settings")

app = Celery("sellerhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
