"""What is known of one recipient once a returned mail has been read."""

from dataclasses import dataclass

from notifications.types.enums import BounceKind, BounceReason


@dataclass(frozen=True, slots=True)
class Bounce:
    """News of one recipient of a mail we sent."""

    recipient: str
    """Without angle brackets, the local part unquoted; empty when the mail names nobody."""
    status: str
    """The enhanced status code (RFC 3463), empty where nothing tells it."""
    permanent: bool
    """Trying again cannot help."""
    reason: BounceReason
    kind: BounceKind
    text: str
    """The remote server's own words, in one line, at most 500 characters."""
