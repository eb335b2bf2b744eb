"""What crosses the border: a provider's event in our words, and why a call is turned away."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from notifications.types.enums import BounceKind


class WebhookRejectedError(Exception):
    """Whoever calls has not proven to be the provider. Calling again cannot help."""


class UnreadableError(Exception):
    """It is the provider, but this is not what it documents."""


class NotNowError(Exception):
    """It could not be checked; calling again can help."""


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """One event about one mail of ours."""

    id: str
    """The same event again has the same id."""
    kind: BounceKind
    delivery_id: UUID
    sent_at: datetime | None
    """When the try left; None where the provider does not hand back our return path."""
    at: datetime
    """When it happened."""
    recipient: str
    permanent: bool
    reason: str
    """A BounceReason; empty unless it came back."""
    status: str
    code: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Taken:
    """All that one call tells."""

    news: tuple[ProviderEvent, ...] = ()
    foreign: int = 0
    """Events that name no delivery of ours."""
    unreadable: int = 0
