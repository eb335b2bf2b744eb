"""Remove personal data and secrets from log messages and exceptions; without side effects."""

import re
import traceback
from collections.abc import Iterator

from django.db import DatabaseError

_LEFT_OUT = "…"
MAX_WORDS_LENGTH = 300
"""Of an exception's message."""

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Rows and statements with their values, which PostgreSQL quotes in errors.
    (re.compile(r"^(?:DETAIL|CONTEXT): .*$\n?", re.MULTILINE), ""),
    (re.compile(r"^LINE \d+: .*$\n?(?:^ *\^.*$\n?)?", re.MULTILINE), ""),
    # Links with a secret token.
    (
        re.compile(
            r"((?:/|%2F)(?:invitations|addresses/confirm|unsubscribe|line(?:/|%2F)link|account/confirm-email"
            r"|password/reset/key)(?:/|%2F))[^/%\s&]+",
            re.IGNORECASE,
        ),
        rf"\1{_LEFT_OUT}",
    ),
    (re.compile(r"(/line/callback/)\?[^\s\"']*"), rf"\1?{_LEFT_OUT}"),
    # Keys and passwords.
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{8,}"), rf"\1 {_LEFT_OUT}"),
    (re.compile(r"\bshk_[\w-]+"), f"shk_{_LEFT_OUT}"),
    (re.compile(r"(://)[^\s/@]+@"), rf"\1{_LEFT_OUT}@"),
    # Personal data: e-mail addresses (but not the names of workers), LINE user IDs, phone numbers.
    (re.compile(r"\b(?!celery@)[^\s\"'<>()\[\],;:=/@]+(?:@|%40)[\w-]+(?:\.[\w-]+)+"), f"{_LEFT_OUT}@{_LEFT_OUT}"),
    (re.compile(r"\bU[0-9a-f]{32}\b"), f"U{_LEFT_OUT}"),
    (re.compile(r"\+\d{8,15}\b"), f"+{_LEFT_OUT}"),
)

_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|“[^”]*”|«[^»]*»|「[^」]*」")
_NAME_OF_OURS = re.compile(r"\w+_\w+", re.ASCII)
"""A table, a constraint or a field, which helps and is not personal."""
_NAME = re.compile(r"[A-Za-z_][\w.]*", re.ASCII)


def discreet(text: str) -> str:
    """Return the text without personal data and secrets."""
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text


def without_quotes(text: str, *, names: re.Pattern[str] = _NAME_OF_OURS) -> str:
    """Return the text without quoted parts except names, because exceptions quote the value that they reject."""

    def unless_name(found: re.Match[str]) -> str:
        quote, inside, end = found[0][0], found[0][1:-1], found[0][-1]
        return found[0] if names.fullmatch(inside) else f"{quote}{_LEFT_OUT}{end}"

    return _QUOTED.sub(unless_name, text)


def told(error: BaseException) -> str:
    """Format an exception and its causes: traceback and type; the message only if it cannot hold personal data."""
    return "\n".join(_lines(error))


def _lines(error: BaseException) -> Iterator[str]:
    for number, each in enumerate(reversed(_chain(error))):
        if number:
            yield "Then:"
        yield "".join(traceback.format_tb(each.__traceback__)).rstrip("\n")
        yield f"{type(each).__qualname__}: {_words(each)}".rstrip(": ")


def _words(error: BaseException) -> str:
    """Return the message of the exception types whose messages are safe; others may quote a body or an address."""
    match error:
        case DatabaseError():
            first, *_rest = str(error).splitlines() or [""]
            return discreet(without_quotes(first))[:MAX_WORDS_LENGTH]
        case OSError(strerror=str(words)):
            return words
        case AttributeError() | ImportError() | NameError() | TypeError():
            return discreet(without_quotes(str(error), names=_NAME))[:MAX_WORDS_LENGTH]
        case _:
            return ""


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    known: BaseException | None = error
    while known is not None and known not in found:
        found.append(known)
        known = known.__cause__ or (None if known.__suppress_context__ else known.__context__)
    return found
