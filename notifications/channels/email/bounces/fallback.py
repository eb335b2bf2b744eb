"""Bounces of old and rare servers, found by Mailman's flufl.bounce when our own parsing finds nothing."""

from collections.abc import Iterator
from email.message import Message

from flufl.bounce import all_failures

from .addresses import unquoted
from .raw_message import ParsedEmail

# Its patterns search for an address from every character on: short lines keep that quick.
_MAX_LINES = 120
_MAX_LINE_LENGTH = 200
_NOBODY = "nobody@invalid"
"""Replaces a missing header, on which flufl.bounce fails."""


def recipients(letter: ParsedEmail, text: str) -> Iterator[str]:
    """Yield the recipients that flufl.bounce finds. The text shows better whether a failure is permanent."""
    message = Message()
    for name in ("From", "Subject", "To"):
        message[name] = letter.value(name)[:_MAX_LINE_LENGTH] or _NOBODY
    message.set_payload("\n".join(line[:_MAX_LINE_LENGTH] for line in text.split("\n")[:_MAX_LINES]))
    try:
        delayed, failed = all_failures(message)
    except Exception:  # an odd header makes any of its seventeen parsers raise any exception
        return
    for address in sorted(delayed | failed)[:20]:
        if b"@" in address:
            yield unquoted(address.decode("ascii", "replace"))
