"""What becomes known about mail after it left: to which address and delivery it belongs, and what follows."""

from .applying import judge_due, look_again, purge_reports
from .holding import Held, held, needs_repair
from .notices import resting, send_due_notices
from .probing import probe_due
from .provider_reports import store_news as store_provider_news
from .repairing import replace_everywhere, reset
from .returned import purge_returned, read_due
from .returned import store as store_returned

__all__ = [
    "Held",
    "held",
    "judge_due",
    "look_again",
    "needs_repair",
    "probe_due",
    "purge_reports",
    "purge_returned",
    "read_due",
    "replace_everywhere",
    "reset",
    "resting",
    "send_due_notices",
    "store_provider_news",
    "store_returned",
]
