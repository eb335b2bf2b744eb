"""Turn a server's response about one recipient into a `Bounce`."""

import re

from notifications.types.enums import BounceKind, BounceReason

from .bounce import Bounce
from .classification import (
    FINAL_REASONS,
    Stage,
    by_numbers,
    by_vague_words,
    by_words,
    code_in,
    is_permanent,
    plain,
    stage_in,
    status_in,
)

MAX_TEXT_LENGTH = 500
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\s]+")
_ANSWER = re.compile(r"(?<![\w.,:#\[(/@-])(?:4[2-7]|5[0-7])\d[ -](?=[\w<\"'\[(#-])")
_UNDEFINED = re.compile(r"[245]\.0\.0|[245]\.[35]\.0")
"""Status codes that a server uses when it knows none: RFC 3463 calls the zeros undefined."""
_POLICY = re.compile(r"5\.7\.|5\.2\.1$")
"""Codes for "not allowed": beside "user unknown" a filter responded, unless it refused the recipient's name."""


def bounced(recipient: str, kind: BounceKind, *, status: str, answer: str, explanations: tuple[str, ...]) -> Bounce:
    """Classify by the server's response and, where that is empty, by the explanations for people in their order."""
    words = plain(answer)
    explained = [plain(explanation) for explanation in explanations]
    status = _best_status(status, words) or next(filter(None, map(status_in, explained)), "")
    code = next(filter(None, map(code_in, (words, *explained))), None)
    stage = stage_in(" ".join([words, *explained[:1]]), status)
    named = _named_reason(code, status, words, explained, stage)
    numbers = is_permanent(None if status else code, status, "") if status or code else None
    return Bounce(
        recipient,
        status,
        kind == BounceKind.BOUNCE and (named in FINAL_REASONS if numbers is None else numbers),
        named or next(filter(None, map(by_vague_words, (words, *explained))), BounceReason.OTHER),
        kind,
        shown(answer or next(iter(explanations), "")),
    )


def server_words(passage: str) -> str:
    """Return the other server's response quoted in a sentence, from its SMTP code on; empty when there is none."""
    found = _ANSWER.search(passage)
    return passage[found.start() :] if found else ""


def shown(words: str) -> str:
    """Reduce to one line of at most 500 characters, without unprintable ones."""
    return _UNPRINTABLE.sub(" ", words[: 4 * MAX_TEXT_LENGTH]).strip()[:MAX_TEXT_LENGTH]


def _best_status(status: str, words: str) -> str:
    """Return the report's code, unless it is undefined and the response holds a better one of the same class."""
    said = status_in(words)
    if not status:
        return said
    return said if _UNDEFINED.fullmatch(status) and said[:1] == status[0] else status


def _named_reason(code: int | None, status: str, words: str, explained: list[str], stage: Stage) -> BounceReason | None:
    """Return the reason that is stated clearly; None where only vague words are left."""
    reason = by_words(words, stage=stage) or by_numbers(code, status)
    for said in explained:
        reason = reason or by_words(said, stage=stage)
    if reason == BounceReason.UNKNOWN_USER and stage is not Stage.RECIPIENT and _POLICY.match(status):
        return BounceReason.BLOCKED_BY_PROVIDER
    return reason
