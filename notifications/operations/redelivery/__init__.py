"""What operators do when something did not arrive or should not have: send again, cancel, take back."""

from .cancellation import Cancelled, cancel
from .resends import Requeued, RequeueRefusal, requeue

__all__ = ["Cancelled", "RequeueRefusal", "Requeued", "cancel", "requeue"]
