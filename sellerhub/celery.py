"""The Celery application and the schedule of its periodic tasks."""

import gc
import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sellerhub.settings")

app = Celery("sellerhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # Fallback for tasks that the broker lost or refused, and for what has become due again.
    "deliveries": {
        "task": "notifications.tasks.deliver",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "line-deliveries": {
        "task": "notifications.tasks.deliver_line",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "line": {
        "task": "notifications.tasks.work_line",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "line-care": {
        "task": "notifications.tasks.look_after_line",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "failing-addresses": {
        "task": "notifications.tasks.try_failing_addresses",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "mail-reports": {
        "task": "notifications.tasks.assess_mail_reports",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "replay": {
        "task": "notifications.tasks.replay_held",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "returned-mail": {
        "task": "notifications.tasks.read_returned_mail",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "old-returned-mail": {
        "task": "notifications.tasks.purge_returned_mail",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "broadcasts": {
        "task": "notifications.tasks.send_broadcasts",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "tick": {
        "task": "notifications.tasks.tick",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "tallies": {
        "task": "notifications.tasks.add_up_counters",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "mail-domains": {
        "task": "notifications.tasks.note_mail_domains",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "old": {
        "task": "notifications.tasks.forget_old",
        "schedule": crontab(hour="18", minute="30"),  # UTC: 03:30 in Japan
        "options": {"expires": 3600},
    },
    "settings-mail": {
        "task": "notifications.tasks.send_settings_mail",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "out-of-stock": {
        "task": "notifications.tasks.tell_out_of_stock",
        # UTC: Monday, 08:00 to 09:00 in Japan. Each run notifies the sellers that the one before did not reach.
        "schedule": crontab(day_of_week="sun", hour="23", minute="*/10"),
        "options": {"expires": 600},
    },
    "tracking-numbers": {
        "task": "notifications.tasks.remind_tracking_numbers",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "unconfirmed-sign-ups": {
        "task": "accounts.tasks.purge_unconfirmed_sign_ups",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "expired-sessions": {
        "task": "accounts.tasks.clear_expired_sessions",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}


@worker_process_init.connect
def _leave_code_alone(**_kwargs: Any) -> None:
    """Exclude the loaded code from garbage collection, because it is never freed."""
    gc.collect()
    gc.freeze()
