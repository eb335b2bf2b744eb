"""Bounces of old and rare servers, as Mailman's flufl.bounce knows them: the net under our own reading."""

from collections.abc import Iterator
from email.message import Message

from flufl.bounce import all_failures

from .addresses import unquoted
from .raw_message import ParsedEmail

# Its patterns look for an address from every character on: short lines keep that quick.
_MAX_LINES = 120
_MAX_LINE_LENGTH = 200
_NOBODY = "nobody@invalid"
"""Stands for a missing header, over which it stumbles."""


def recipients(letter: ParsedEmail, text: str) -> Iterator[str]:
    """Whom flufl.bounce finds; whether it is for good it cannot tell as well as the words do."""
    message = Message()
    for name in ("From", "Subject", "To"):
        message[name] = letter.value(name)[:_MAX_LINE_LENGTH] or _NOBODY
    message.set_payload("\n".join(line[:_MAX_LINE_LENGTH] for line in text.split("\n")[:_MAX_LINES]))
    try:
        delayed, failed = all_failures(message)
    except Exception:  # an odd header makes one of its seventeen readers raise whatever it happens to raise
        return
    for address in sorted(delayed | failed)[:20]:
        if b"@" in address:
            yield unquoted(address.decode("ascii", "replace"))
