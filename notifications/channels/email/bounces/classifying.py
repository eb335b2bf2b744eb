"""Why a mail was refused, and whether for good: for reports, for SMTP answers, for what a provider passes on."""

import re

from ....enums import BounceReason
from .reason_table import CLEAR, VAGUE

LONGEST_ANSWER = 2000
"""Characters of an answer that are looked at."""

_SPACES = re.compile(r"\s+")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.#])([45]\d\d)(?=[\s:;#-]|$)")
_AFTER_DATA = re.compile(r"(?:end of|final|after|to) (?:the )?data\b")
"""The server had taken the recipient: a filter behind it that says "unknown user" only pretends."""

# RFC 3463 and the IANA registry that continues it, where the words say nothing. Zeros mean "undefined".
_BY_STATUS = {
    "1.0": BounceReason.UNKNOWN_USER,
    "1.1": BounceReason.UNKNOWN_USER,
    "1.2": BounceReason.HOST_UNKNOWN,
    "1.3": BounceReason.UNKNOWN_USER,
    "1.4": BounceReason.UNKNOWN_USER,
    "1.6": BounceReason.UNKNOWN_USER,
    "1.7": BounceReason.BLOCKED_BY_PROVIDER,
    "1.8": BounceReason.BLOCKED_BY_PROVIDER,
    "1.9": BounceReason.EXPIRED,
    "1.10": BounceReason.HOST_UNKNOWN,
    "2.1": BounceReason.SUSPENDED,
    "2.2": BounceReason.MAILBOX_FULL,
    "2.3": BounceReason.MESSAGE_TOO_BIG,
    "3.1": BounceReason.EXPIRED,
    "3.2": BounceReason.EXPIRED,
    "3.4": BounceReason.MESSAGE_TOO_BIG,
    "4.1": BounceReason.EXPIRED,
    "4.2": BounceReason.EXPIRED,
    "4.3": BounceReason.OTHER,
    "4.4": BounceReason.HOST_UNKNOWN,
    "4.5": BounceReason.EXPIRED,
    "4.6": BounceReason.EXPIRED,
    "4.7": BounceReason.EXPIRED,
    "4.14": BounceReason.EXPIRED,
}
_BY_CODE = {
    421: BounceReason.EXPIRED,
    521: BounceReason.HOST_UNKNOWN,
    525: BounceReason.SUSPENDED,
    552: BounceReason.MAILBOX_FULL,
    556: BounceReason.HOST_UNKNOWN,
}
"""RFC 5321, 7504 and what providers made of it."""
_FINAL_REASONS = frozenset(BounceReason) - {BounceReason.EXPIRED, BounceReason.OTHER}


def classify(code: int | None, status: str, text: str) -> BounceReason:
    """The reason that an answer's words name, else its enhanced status (RFC 3463) or SMTP code, else vague words."""
    words = plain(text)
    return (
        by_words(words)
        or by_numbers(code or code_in(words), status or status_in(words))
        or by_vague_words(words)
        or BounceReason.OTHER
    )


def by_words(words: str) -> BounceReason | None:
    """What the table says of an answer in small letters."""
    reason = next((reason for pattern, reason in CLEAR if pattern.search(words)), None)
    if reason == BounceReason.UNKNOWN_USER and _AFTER_DATA.search(words):
        return BounceReason.BLOCKED_BY_PROVIDER
    return reason


def by_vague_words(words: str) -> BounceReason | None:
    """What the table says of an answer in small letters when nothing clearer is known."""
    return next((reason for pattern, reason in VAGUE if pattern.search(words)), None)


def by_numbers(code: int | None, status: str) -> BounceReason | None:
    """What the numbers alone tell."""
    _, _, detail = status.partition(".")
    if reason := _BY_STATUS.get(detail):
        return reason
    if detail.startswith(("7.", "6.")):
        return BounceReason.BLOCKED_BY_PROVIDER
    return _BY_CODE.get(code or 0)


def is_permanent(code: int | None, status: str, text: str) -> bool:
    """Whether trying again cannot help; a number decides, and words only where there is none."""
    words = plain(text)
    if number := status or status_in(words):
        return number.startswith("5")
    if code or (code := code_in(words)):
        return code >= 500
    return by_words(words) in _FINAL_REASONS


def plain(text: str) -> str:
    """In one line of small letters, with plain quotes."""
    return _SPACES.sub(" ", text[:LONGEST_ANSWER]).lower().replace("’", "'").strip()


def status_in(words: str) -> str:
    """The first enhanced status code in an answer."""
    found = _STATUS.search(words[:LONGEST_ANSWER])
    return found[0] if found else ""


def code_in(words: str) -> int | None:
    """The first SMTP code of a refusal in an answer."""
    found = _CODE.search(words[:LONGEST_ANSWER])
    return int(found[1]) if found else None
