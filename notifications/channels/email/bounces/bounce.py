"""The result of parsing a returned mail, for one recipient."""

from dataclasses import dataclass

from notifications.types.enums import BounceKind, BounceReason


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery event for one recipient of a mail we sent."""

    recipient: str
    """Without angle brackets, the local part unquoted; empty when the mail names no recipient."""
    status: str
    """The enhanced status code (RFC 3463); empty where none is given."""
    permanent: bool
    """Sending again cannot help."""
    reason: BounceReason
    kind: BounceKind
    text: str
    """The remote server's response, in one line, at most 500 characters."""
