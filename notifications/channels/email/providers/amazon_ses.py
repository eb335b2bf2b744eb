"""Events of Amazon SES, which it sends through Amazon SNS.

https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.module_loading import import_string

from notifications.types.enums import BounceKind, BounceReason

from ..return_path import AttemptRef
from . import sns
from .base import KINDS, NOT_TRIED, EventClassification, Provider, TrackingEvent, not_tried
from .credentials import Access
from .delivery_ids import HEADER, Naming
from .events import Taken
from .server_response import ServerResponse, read_server_response

_REASONS = {
    "NoEmail": BounceReason.UNKNOWN_USER,
    "MailboxFull": BounceReason.MAILBOX_FULL,
    "MessageTooLarge": BounceReason.MESSAGE_TOO_BIG,
    "ContentRejected": BounceReason.BLOCKED_BY_PROVIDER,
    "AttachmentRejected": BounceReason.BLOCKED_BY_PROVIDER,
}
"""Reasons by `bounceSubType`, used where the server's response has none."""
_HELD_BACK = frozenset({"Suppressed", "OnAccountSuppressionList", "UnsubscribedRecipient"})
"""On a suppression list of Amazon or of our account: no server was contacted, and an operator has to lift it."""
_NO_COMPLAINTS = ("not-spam", "auth-failure")
"""Feedback types (RFC 5965, 7.3): the first is the opposite of a complaint, the other concerns our DNS."""


class AmazonSes(Provider):
    """Finds the delivery by the return path, or by our own header where headers are included."""

    def verify(self, request: HttpRequest, access: Access) -> None:
        """Check that SNS signed the request for one of our topics, which Anymail does not check."""
        sns.verify(sns.read(request.body), access.topics)

    def take(self, request: HttpRequest, access: Access, naming: Naming) -> Taken:
        """Read notifications; confirm subscriptions, which hold no events."""
        message = sns.read(request.body)
        if message["Type"] != sns.NOTIFICATION:
            sns.answer_subscription(message)
            return Taken()
        return super().take(request, access, naming)

    def names(self, event: TrackingEvent, naming: Naming) -> AttemptRef | UUID | None:
        """Find the delivery without the Message-ID, as Amazon replaces it."""
        mail = event.esp_event.get("mail", {})
        if left := naming.by_sender(mail.get("source")):
            return left
        headers = mail.get("headers") or []
        own = (one.get("value") for one in headers if str(one.get("name")).lower() == HEADER)
        return naming.by_id(next(own, None))

    def verdict(self, event: TrackingEvent) -> EventClassification | None:
        """Classify by `bounceType`, which differs from Anymail's "bounced"."""
        kind = KINDS.get(event.event_type)
        if kind is None and event.esp_event.get("eventType") != "DeliveryDelay":
            return None
        if event.event_type in NOT_TRIED:
            return not_tried(read_server_response(event.description), invalid=False)
        if kind == BounceKind.COMPLAINT and event.description in _NO_COMPLAINTS:
            return None
        if kind != BounceKind.BOUNCE:
            return EventClassification(kind or BounceKind.DELAYED, read_server_response(event.mta_response))
        bounce = event.esp_event["bounce"]
        named = next(one for one in bounce["bouncedRecipients"] if one["emailAddress"] == event.recipient)
        said = read_server_response(event.mta_response, event.description, status=named.get("status"))
        sub_type = bounce.get("bounceSubType")
        if sub_type in _HELD_BACK:
            return not_tried(said, invalid=False)
        return EventClassification(
            kind,
            said,
            _is_final(bounce.get("bounceType"), sub_type, said, has_answer=bool(event.mta_response)),
            _REASONS.get(sub_type) if said.reason == BounceReason.OTHER else None,
        )

    def _view(self, access: Access) -> Any:
        # Anymail's constructor requires boto3, to confirm subscriptions; parsing needs nothing that it prepares.
        view = import_string(self._view_path)
        return view.__new__(view)


def _is_final(bounce_type: object, sub_type: object, said: ServerResponse, *, has_answer: bool) -> bool:
    """Return whether a bounce is final.

    Amazon sends `Transient` once it has given up, and also for automatic replies, as `General` without a response.
    """
    if bounce_type == "Permanent" or sub_type == "MailboxFull":
        return True
    if bounce_type == "Transient" and sub_type == "General":
        return has_answer and said.may_pass
    return has_answer and said.ends_it
