"""What operators do when something did not arrive or should not have: send again, cancel, take back."""

from .cancelling import Cancelled, cancel
from .requeueing import Requeued, WhyNot, requeue

__all__ = ["Cancelled", "Requeued", "WhyNot", "cancel", "requeue"]
