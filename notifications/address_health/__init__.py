"""Process bounces, complaints and delivery events: suppress failing addresses and repair them."""

from .actions import assess_due, look_again, purge_reports
from .events.provider_events import store_events as store_provider_events
from .events.returned_mail import purge_returned, read_due
from .events.returned_mail import store as store_returned
from .probes import probe_due
from .repair.held_deliveries import Held, held, needs_repair
from .repair.reset import replace_everywhere, reset
from .seller_notices import send_due_notices, suppressed_addresses

__all__ = [
    "Held",
    "assess_due",
    "held",
    "look_again",
    "needs_repair",
    "probe_due",
    "purge_reports",
    "purge_returned",
    "read_due",
    "replace_everywhere",
    "reset",
    "send_due_notices",
    "store_provider_events",
    "store_returned",
    "suppressed_addresses",
]
