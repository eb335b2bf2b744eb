"""Classify why a mail was refused and whether permanently, from reports, SMTP replies and provider events."""

import re
from enum import Enum, auto

from notifications.types.enums import BounceReason

from .addresses import ADDRESS
from .pattern_vocabulary import any_of
from .reason_table import CLEAR, VAGUE

MAX_ANSWER_LENGTH = 1500
"""Characters of a response that are examined."""

_SPACES = re.compile(r"\s+")
_LINK = re.compile(r"https?://([\w.-]{1,100})[^\s\"'<>)]{0,500}")
_ADDRESS = re.compile(ADDRESS)
_STATUS = re.compile(r"(?<![\d.])([245])\.([0-9]{1,3})\.([0-9]{1,3})(?![\d]|\.\d)")
_UNITS = "k?b|kib|mb|bytes|days|hours|minutes|seconds|times"
_CODE = re.compile(rf"(?<![\w.,#])(4[2-7][0-9]|5[0-7][0-9])(?=[\s:;#\])-]|$)(?! ?(?:{_UNITS})\b)")
_AFTER_DATA = any_of(
    r"(?:end of|final|after|reply to|following) (?:the )?data\b|command\)? data\b",
    r">>> data <<< 5[^<>]{0,200} 554 5\.0\.0 service unavailable",
)
_TO_SENDER = any_of(
    r"(?:in reply to|after|following) (?:mail from|ehlo|helo|initial connection)",
    r">>> mail from:\S{0,200} <<< 5",
)
_TO_RECIPIENT = any_of(r"rcpt(?: to|:| command|\))", r"like recipient|like our rcpt")
_AT_GREETING = any_of("refused to talk to me")
_CARRIER_FILTER = re.compile(r"\b550[- ]'?unknown user @|\b550:? : user unknown")
"""Responses of docomo and au (without the address) when a person's own filter stopped an accepted mail."""

# RFC 3463 and the IANA registry that extends it, where the text says nothing. Zeros mean "undefined".
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
    "3.0": BounceReason.OTHER,
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
"""RFC 5321 and 7504, and how providers use these codes."""
FINAL_REASONS = frozenset(BounceReason) - {BounceReason.EXPIRED, BounceReason.OTHER}


class Stage(Enum):
    """The stage of the SMTP session (RFC 5321) at which the other server responded."""

    GREETING = auto()
    SENDER = auto()
    RECIPIENT = auto()
    CONTENT = auto()
    UNKNOWN = auto()


_STAGES = (
    (_AFTER_DATA, Stage.CONTENT),
    (_TO_SENDER, Stage.SENDER),
    (_AT_GREETING, Stage.GREETING),
    (_TO_RECIPIENT, Stage.RECIPIENT),
)


def classify(code: int | None, status: str, text: str) -> BounceReason:
    """Return a response's reason by its text, else its enhanced status (RFC 3463) or SMTP code, else vague words."""
    words = plain(text)
    status = status or status_in(words)
    return (
        by_words(words, stage=stage_in(words, status))
        or by_numbers(code or code_in(words), status)
        or by_vague_words(words)
        or BounceReason.OTHER
    )


def by_words(words: str, *, stage: Stage) -> BounceReason | None:
    """Look up a lower-case response in the table, given at this stage of the session; None when nothing matches."""
    reason = next((reason for pattern, reason in CLEAR if pattern.search(words)), None)
    return BounceReason.BLOCKED_BY_PROVIDER if _is_about_us(reason, words, stage) else reason


def _is_about_us(reason: BounceReason | None, words: str, stage: Stage) -> bool:
    """Return whether the stage shows that our server is refused, even if the text names a recipient."""
    match stage:
        case Stage.GREETING:
            return reason in (None, BounceReason.EXPIRED, BounceReason.UNKNOWN_USER)
        case Stage.SENDER:
            return reason in (None, BounceReason.UNKNOWN_USER)
        case Stage.CONTENT:
            return reason == BounceReason.UNKNOWN_USER
        case Stage.UNKNOWN:
            return reason == BounceReason.UNKNOWN_USER and _CARRIER_FILTER.search(words) is not None
        case Stage.RECIPIENT:
            return False


def stage_in(words: str, status: str) -> Stage:
    """Return the stage of a response, as far as the text shows; x.1.1 always concerns a recipient."""
    silent = Stage.RECIPIENT if status.endswith(".1.1") else Stage.UNKNOWN
    return next((stage for pattern, stage in _STAGES if pattern.search(words)), silent)


def by_vague_words(words: str) -> BounceReason | None:
    """Look up a lower-case response in the table of vague words, for when nothing clearer is known."""
    return next((reason for pattern, reason in VAGUE if pattern.search(words)), None)


def by_numbers(code: int | None, status: str) -> BounceReason | None:
    """Return the reason by the status and code alone."""
    _, _, detail = status.partition(".")
    if reason := _BY_STATUS.get(detail):
        return reason
    if detail.startswith(("7.", "6.")):
        return BounceReason.BLOCKED_BY_PROVIDER
    return _BY_CODE.get(code or 0)


def is_permanent(code: int | None, status: str, text: str) -> bool:
    """Return whether sending again cannot help: all codes must say so; the text counts only where there is no code."""
    words = plain(text)
    status = status or status_in(words)
    code = code or (None if status else code_in(words))
    if status or code:
        return status[:1] in ("", "5") and (code is None or code >= 500)
    return by_words(words, stage=Stage.UNKNOWN) in FINAL_REASONS


def plain(text: str) -> str:
    """Reduce to one line of lower case, with plain quotes; keep only the host of links and only the @ of addresses."""
    words = _SPACES.sub(" ", text[:MAX_ANSWER_LENGTH]).lower().replace("’", "'").strip()
    return _ADDRESS.sub("@", _LINK.sub(r"\1", words))


def status_in(words: str) -> str:
    """Return the first enhanced status code in a response; empty when there is none."""
    found = _STATUS.search(words[:MAX_ANSWER_LENGTH])
    return found[0] if found else ""


def code_in(words: str) -> int | None:
    """Return the first SMTP refusal code in a response; None when there is none."""
    found = _CODE.search(words[:MAX_ANSWER_LENGTH])
    return int(found[1]) if found else None
