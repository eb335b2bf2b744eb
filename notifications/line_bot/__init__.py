"""The LINE bot: handles chat events, and sends messages other than notifications."""

from .events import is_due, store, work_off_events
from .maintenance import purge_events, try_paused_channel
from .notices import enqueue_test, send_due_notices
from .quota import Quota, known_quota, note_quota

__all__ = [
    "Quota",
    "enqueue_test",
    "is_due",
    "known_quota",
    "note_quota",
    "purge_events",
    "send_due_notices",
    "store",
    "try_paused_channel",
    "work_off_events",
]
