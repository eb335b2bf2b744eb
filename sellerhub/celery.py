"""The Celery application and its timetable."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sellerhub.settings")

app = Celery("sellerhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # These two find what the broker lost or could not take, and what is due again.
    "deliveries": {
        "task": "notifications.tasks.deliver",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "settings-mail": {
        "task": "notifications.tasks.send_settings_mail",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "unconfirmed-sign-ups": {
        "task": "accounts.tasks.purge_unconfirmed_sign_ups",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}
