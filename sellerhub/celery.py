"""The Celery application and its timetable."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sellerhub.settings")

app = Celery("sellerhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # Finds what the broker lost or could not take.
    "settings-mail": {
        "task": "notifications.tasks.send_settings_mail",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
}
