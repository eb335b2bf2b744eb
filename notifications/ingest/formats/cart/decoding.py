"""Decode the bytes of a feed: UTF-8, or CP932, which Japanese programs call Shift_JIS."""

import codecs

from django.utils.translation import gettext as _

from notifications.types.enums import ParkReason

from ..base import DeadLetterError

UNREADABLE = "\ufffd"
"""Replaces bytes that cannot be decoded; only the order that holds one becomes a dead letter."""

_NO_LETTERS = dict.fromkeys((*range(0x80, 0xA0), 0xA0, *range(0xF8F0, 0xF8F4)), UNREADABLE)
"""Characters that Python's CP932 returns for bytes that CP932 does not assign."""
_MOSTLY = 0.02
"""The highest share of unreadable characters; above it the body is in another encoding, or not text."""


def decode(body: bytes) -> str:
    """Return the text of a body. Raises DeadLetterError when it is neither UTF-8 nor CP932.
    Declared encodings are ignored: carts label CP932 as anything from Shift_JIS to UTF-8, and hardly any Japanese text
    is valid in both.
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
