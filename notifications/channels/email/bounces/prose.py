"""Bounces that hold no machine-readable report: whom a server's own sentences are about."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from .addresses import ADDRESS, find, is_role, unquoted

MOST_RECIPIENTS = 50
MOST_LINES = 400
_LONGEST_LINE = 300
_LONGEST_PASSAGE = 1500

# From the surest to the weakest. A tier is used only when no stronger one finds anybody.
_CUES: tuple[tuple[re.Pattern[str], ...], ...] = tuple(
    tuple(re.compile(pattern.replace("ADDRESS", f"(?P<address>{ADDRESS})"), re.IGNORECASE) for pattern in tier)
    for tier in (
        (
            # A line of its own, or one that begins with it: Postfix, qmail, Exim, Sendmail, Exchange.
            r"^[\s>*•·-]{0,12}(?:to:?\s|\[)?[\"'<(\[]{0,3}(?:smtp:|mailto:)?ADDRESS[\"'>)\]]{0,3}(?:\.{2,3}|\s?[:;,(<]|\s*$|\s+(?:on|at|\d{3}|-|–|=|/|:|\(|failed|error|unknown|not |was|was not|could|is|does)\b|\s[(<-])",
            # Exim and others repeat the command, Sendmail shows the session.
            r"rcpt to:? ?<?ADDRESS>?",
            r"^[\s<]{0,6}(?:smtp[;:] ?)?[45]\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3} )?<?ADDRESS>?(?:\.{2,3}|:|\s)",
            r"(?:final-recipient|original-recipient|failed recipient|error-for|undeliverable address|undelivered to|undelivered recipient|intended recipient|invalid (?:final delivery userid|recipient|address)|unknown (?:user|recipient|address)|recipients?|addressed to|originally addressed to|addressee|e-?mail address|failed address|mailbox|bounced address|宛先|送信先|受信者)\s?[:;：=]\s{0,5}(?:\[?(?:smtp|rfc822)[:;]\s?)?[\"'<(\[]{0,2}ADDRESS",
        ),
        (
            r"(?:deliver\w*|sen[dt]|reach(?:ed|ing)?|mail(?:ed)?|message|e-?mail|addressed|address|recipients?|user|account|mailbox|transmi\w+|forward\w*|addressee|directed|group|to|for)\s?(?:\S{1,20}\s){0,3}?[\"'<(\[]{1,3}ADDRESS[\"'>)\]]",
            r"\b(?:to|for|recipients?|address(?:es)?|user|account|mailbox|inbox|of|addressee|said to)\s?:?\s{1,5}[\"'<(\[]{0,3}(?:mailto:)?ADDRESS",
            r"ADDRESS[\"'>)\]]{0,2}\s?(?:\.{3}|is |was |has |does |did |not |no longer |could |cannot |can't |couldn't |unknown|failed|rejected|refused|over|は|の|宛|さん)",
        ),
        (r"ADDRESS",),
    )
)
_ABOUT_OTHERS = re.compile(
    r"contact|assist|\bhelp\b|support|question|please (?:send|mail|e-?mail|write|forward)|^[\s>*]{0,8}(?:from|sender|reply-to|return-path|message-?id|mail from|"
    r"subject|date|cc|x-[a-z-]{1,30})\s?:|mail from|\bfrom:? ?<|return path|envelope-from|message-id|information (?:about|on)|report (?:this|it)|問い合わせ",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Passage:
    """One recipient and what is said where it is named."""

    recipient: str
    lines: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return "\n".join(self.lines)[:_LONGEST_PASSAGE]


def passages(text: str, *, ours: Callable[[str], bool]) -> list[Passage]:
    """The recipients that a text is about; `ours` tells the addresses it was sent by and to."""
    lines = [line[:_LONGEST_LINE] for line in text.split("\n")[:MOST_LINES]]
    with_address = [(place, line) for place, line in enumerate(lines) if "@" in line]
    for cues in _CUES:
        named = list(_named(with_address, cues))
        foreign = [(place, address) for place, address in named if not ours(address) and not is_role(address)]
        if foreign or named:
            return _collect(lines, foreign or named)
    return []


def _named(lines: Iterable[tuple[int, str]], cues: tuple[re.Pattern[str], ...]) -> Iterator[tuple[int, str]]:
    for place, line in lines:
        if _ABOUT_OTHERS.search(line):
            # "MAIL FROM:<a> ... RCPT TO:<b>" is about b all the same.
            line = line[rcpt.start() :] if (rcpt := re.search(r"rcpt to", line, re.IGNORECASE)) else ""
        for cue in cues:
            if found := cue.search(line):
                yield place, _address(found["address"])
                break


def _address(found: str) -> str:
    return next((address for _, address in find(found)), unquoted(found))


def _collect(lines: list[str], named: list[tuple[int, str]]) -> list[Passage]:
    """Each recipient with the lines from where it is named to where the next one is."""
    collected: dict[str, Passage] = {}
    ends = [place for place, _ in named[1:]] + [len(lines)]
    for (start, address), end in zip(named, ends, strict=True):
        passage = collected.setdefault(address.lower(), Passage(address))
        passage.lines.extend(lines[start : max(end, start + 1)][:30])
        if len(collected) >= MOST_RECIPIENTS:
            break
    return list(collected.values())
