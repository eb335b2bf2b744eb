"""The bytes of a feed as text: UTF-8, or CP932, which Japanese programs call Shift_JIS."""

import codecs

from django.utils.translation import gettext as _

from notifications.types.enums import ParkReason

from ..base import DeadLetterError

UNREADABLE = "\ufffd"
"""Stands for what cannot be read; a line that holds it is parked alone."""

_NO_LETTERS = dict.fromkeys((*range(0x80, 0xA0), 0xA0, *range(0xF8F0, 0xF8F4)), UNREADABLE)
"""What Python's CP932 makes of bytes that stand for nothing there."""
_MOSTLY = 0.02
"""With more unreadable characters than this it is another encoding, or no text at all."""


def decode(body: bytes) -> str:
    """The text of a body. Raises ParkedError when it is none.

    Labels are not believed: carts call CP932 anything from Shift_JIS to UTF-8, and hardly any Japanese text is
    correct in both.
    """
    body = body.removeprefix(codecs.BOM_UTF8)
    try:
        return body.decode()
    except UnicodeDecodeError:
        text = min(body.decode(errors="replace"), _from_japanese(body), key=_unreadable)
    if _unreadable(text) > _MOSTLY * len(text):
        raise DeadLetterError(ParkReason.UNREADABLE, _("The feed is neither UTF-8 nor CP932 (Shift_JIS)."))
    return text


def _from_japanese(body: bytes) -> str:
    return body.decode("cp932", "replace").translate(_NO_LETTERS)


def _unreadable(text: str) -> int:
    return text.count(UNREADABLE)
