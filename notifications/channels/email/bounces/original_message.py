"""The original message inside a bounce, as the last source for its recipient."""

import re
from collections.abc import Iterator
from email.parser import HeaderParser

from .addresses import find
from .decoding import decode_words
from .pattern_vocabulary import any_of
from .raw_message import ParsedEmail

_MAX_MARK_LENGTH = 120
_RULE = ("---", "===", "___", "***", "###", "+++", "~~~", "- -")
_AFTER_RULE = any_of(
    r"original|returned|unsent|undelivered|copy of|headers?\b|\bfollows|forwarded message|attach|コピー|元の",
    r"message (?:text|body|follow|starts)|mail starts",
)
_STILL_SAYS = any_of("transcript", "session", "address", "recipient", "error", "reason", "失敗", "エラー")
_PLAIN_MARK = any_of(
    r"(?:the )?(?:original|returned|unsent|undelivered|rejected|bounced|your) (?:message|mail|e-?mail)"
    r"(?: text| body| headers?| reads| itself)?"
    r"(?: follows| is (?:following|attached)| \(in part\)| headers?:|\s?details?:|:$)",
    r"(?:message|mail) (?:headers?|text|body|contents?) follow|here is your returned mail|old message:",
    r"(?:below|following|this|included|attached)(?: this line)? is a copy of",
    r"a copy of (?:the|your) (?:original )?(?:message|mail|headers?)|元のメッセージ|オリジナル",
    r"received: (?:from|by) |return-path: ?<|x-original-to: ",
    r"from \S{1,200}@\S{1,200} {1,3}(?:mon|tue|wed|thu|fri|sat|sun) ",
)
_HEAD = re.compile(r"^(?:to|cc):[^\n]{0,1000}(?:\n[ \t][^\n]{0,1000}){0,20}", re.IGNORECASE | re.MULTILINE)


def cut_off(text: str) -> tuple[str, str]:
    """Split a text into what the server says and what it quotes of the original message."""
    place = 0
    said = False
    for line in text.split("\n"):
        # At the very top it is no quotation yet: some servers begin with such a line.
        if said and _is_mark(line):
            return text[:place], text[place:]
        said = said or bool(line.strip())
        place += len(line) + 1
    return text, ""


def _is_mark(line: str) -> bool:
    line = line.lstrip(" \t>")
    if len(line) > _MAX_MARK_LENGTH:
        return False
    if line.startswith(_RULE):
        return _AFTER_RULE.search(line) is not None and _STILL_SAYS.search(line) is None
    return _PLAIN_MARK.match(line) is not None


def original_recipients(letter: ParsedEmail, quoted: str = "") -> Iterator[str]:
    """Yield the addresses in To of the original message; those in Cc only when there is none."""
    for part in letter.returned:
        head = HeaderParser().parsestr(part.text.lstrip()[:20_000])
        for name in ("X-Original-To", "Delivered-To", "To", "Cc"):
            values = head.get_all(name, [])
            found = [address for value in values[:5] for _, address in find(decode_words(value))]
            if found:
                yield from found[:20]
                return
    for line in _HEAD.findall(quoted):
        yield from [address for _, address in find(line)][:20]
        return
