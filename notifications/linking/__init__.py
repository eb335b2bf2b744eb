"""The whole life of a link between a shop and a LINE account: begin, agree, block, link again, end."""

from .attempts import purge_attempts
from .deauthorizing import deauthorize_due
from .letters import send_due_letters
from .links import STANDING, Standing, current, end, state, unlink

__all__ = [
    "STANDING",
    "Standing",
    "current",
    "deauthorize_due",
    "end",
    "purge_attempts",
    "send_due_letters",
    "state",
    "unlink",
]
