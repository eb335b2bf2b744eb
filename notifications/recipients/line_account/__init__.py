"""Manage the link between a seller account and a LINE account: start, consent, block, link again, end."""

from .attempts import purge_attempts
from .deauthorization import deauthorize_due
from .links import STANDING, LinkStatus, current, end, state, unlink
from .mails import send_due_mails

__all__ = [
    "STANDING",
    "LinkStatus",
    "current",
    "deauthorize_due",
    "end",
    "purge_attempts",
    "send_due_mails",
    "state",
    "unlink",
]
