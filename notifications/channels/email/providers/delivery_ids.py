"""Find the delivery that an event concerns, by identifiers that only our mail carries."""

import re
from uuid import UUID

from ..return_path import AttemptRef, ReturnPath

HEADER = "x-sellerhub-delivery"
POSTMARK_HEADER = "X-PM-Metadata-delivery"
"""Postmark replaces the Message-ID; it returns the value of this header as metadata.

https://postmarkapp.com/support/article/1125-custom-metadata-faq
"""
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ID = re.compile(_UUID, re.IGNORECASE)
_MESSAGE_ID = re.compile(rf"<?({_UUID})@([^<>@\s]{{1,255}}?)>?", re.IGNORECASE)


class Naming:
    """Reads the delivery identifiers that our mail carries."""

    def __init__(self, return_path: ReturnPath | None, *, domain: str) -> None:
        """Take the return path, and the domain of our Message-IDs."""
        self._return_path = return_path
        self._domain = domain.lower()

    def by_sender(self, sender: object) -> AttemptRef | None:
        """Read an envelope sender, which only we can have written; None for any other."""
        if self._return_path is None or not isinstance(sender, str):
            return None
        return self._return_path.read(sender)

    def by_id(self, delivery_id: object) -> UUID | None:
        """Read our own header or the provider's metadata; None unless it is a UUID."""
        if isinstance(delivery_id, str) and _ID.fullmatch(delivery_id.strip()):
            return UUID(delivery_id.strip())
        return None

    def by_message_id(self, message_id: object) -> UUID | None:
        """Read a Message-ID; None when it is not one of ours."""
        if not isinstance(message_id, str):
            return None
        found = _MESSAGE_ID.fullmatch(message_id.strip())
        return UUID(found[1]) if found and found[2].lower() == self._domain else None
