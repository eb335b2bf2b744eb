"""From what a server said of one recipient to what we make of it."""

import re

from ....enums import BounceKind, BounceReason
from .bounce import Bounce
from .classifying import by_numbers, by_vague_words, by_words, code_in, is_permanent, plain, status_in

LONGEST_TEXT = 500
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\s]+")
_UNDEFINED = re.compile(r"[245]\.0\.0|[245]\.[35]\.0")
"""Status codes that a server takes when it knows none: RFC 3463 calls the zeros undefined."""


def bounced(recipient: str, kind: BounceKind, *, status: str, answer: str, explanation: str) -> Bounce:
    """Judge by the server's answer first and by the explanation for people where the answer is silent."""
    words = plain(answer)
    status = _best_status(status, words) or status_in(plain(explanation))
    code = code_in(words)
    return Bounce(
        recipient,
        status,
        kind == BounceKind.BOUNCE and is_permanent(code, status, answer or explanation),
        _reason(code, status, words, plain(explanation)),
        kind,
        shown(answer or explanation),
    )


def shown(words: str) -> str:
    """In one line, bounded, without what cannot be printed."""
    return _UNPRINTABLE.sub(" ", words[: 4 * LONGEST_TEXT]).strip()[:LONGEST_TEXT]


def _best_status(status: str, words: str) -> str:
    """The report's code, unless it is undefined and the answer holds a better one of the same class."""
    said = status_in(words)
    if not status:
        return said
    return said if _UNDEFINED.fullmatch(status) and said[:1] == status[0] else status


def _reason(code: int | None, status: str, words: str, explanation: str) -> BounceReason:
    return (
        by_words(words)
        or by_numbers(code, status)
        or by_words(explanation)
        or by_vague_words(words)
        or by_vague_words(explanation)
        or BounceReason.OTHER
    )
