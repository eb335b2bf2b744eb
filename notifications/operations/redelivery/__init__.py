"""Operators' actions on deliveries and notifications: redeliver, cancel, recall."""

from .cancellation import Cancelled, cancel
from .resends import Requeued, RequeueRefusal, requeue

__all__ = ["Cancelled", "RequeueRefusal", "Requeued", "cancel", "requeue"]
