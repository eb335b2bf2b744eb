"""The delivery event of a provider webhook, and the errors for which a request is rejected."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from notifications.types.enums import BounceKind


class WebhookRejectedError(Exception):
    """The request is not proven to come from the provider. Sending it again cannot help."""


class UnreadableError(Exception):
    """The request comes from the provider, but does not have the documented format."""


class NotNowError(Exception):
    """The request could not be verified; sending it again can help."""


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """One delivery event of one of our mails."""

    id: str
    """A repeated event has the same id."""
    kind: BounceKind
    delivery_id: UUID
    sent_at: datetime | None
    """When the attempt was sent; None where the provider does not return our return path."""
    at: datetime
    """When it happened."""
    recipient: str
    permanent: bool
    reason: str
    """A BounceReason; empty unless the mail bounced."""
    status: str
    code: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The events of one request."""

    news: tuple[ProviderEvent, ...] = ()
    foreign: int = 0
    """Events that concern no delivery of ours."""
    unreadable: int = 0
