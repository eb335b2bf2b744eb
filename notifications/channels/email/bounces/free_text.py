"""Find the recipients in bounces without a machine-readable report, by the sentences of mail servers."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .addresses import ADDRESS, find, is_role, unquoted
from .pattern_vocabulary import any_of
from .raw_message import ParsedEmail

MAX_RECIPIENTS = 40
MAX_LINES = 400
_MAX_LINE_LENGTH = 300
_MAX_PASSAGE_LENGTH = 1500

_LABELS = (
    r"(?:final|original)-recipient|(?:failed|intended|undelivered) recipient|invalid (?:recipient|address)",
    r"error-for|undeliverable address|undelivered to|invalid final delivery userid",
    r"unknown (?:user|recipient|address)",
    r"recipients?|(?:originally )?addressed to|addressee|(?:e-?)?mail address|(?:failed|bounced) address|mailbox",
    r"(?:recipients|addresses)[^:@]{1,40}|宛先|送信先|受信者",
)
_VERBS = r"deliver\w*|sen[dt]|reach(?:ed|ing)?|mail(?:ed)?|addressed|transmi\w+|forward\w*|directed|to|for"
_THINGS = r"message|e-?mail|address|recipients?|user|account|mailbox|addressee|group"
_FATES = r"is |was |has |does |did |not |no longer |could |cannot |can't |couldn't |unknown|failed|reject|refused|over"
_AFTER_ADDRESS = (
    r"\.{2,3}|\s?[:;,(<]|\s*$|\s[(<\[-]",
    r"\s+(?:on|at|\d{3}|-|–|=|/|:|\(|failed|error|unknown|not |was|was not|could|is|does)\b",
)
# From the surest to the weakest. A tier is used only when no stronger one finds a recipient.
_TIERS: tuple[tuple[str, ...], ...] = (
    (
        # A line that begins with the address: Postfix, qmail, Exim, Sendmail, Exchange.
        rf"^[\s>*•·-]{{0,12}}\[?[\"'<(\[]{{0,3}}(?:smtp:|mailto:)?ADDRESS[\"'>)\]]{{0,3}}(?:{'|'.join(_AFTER_ADDRESS)})",
        # Exim and others repeat the command, Sendmail and MDaemon show the session.
        r"rcpt to:? ?<?ADDRESS>?",
        r"^[\s<]{0,6}(?:smtp[;:] ?)?[45]\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3} )?<?ADDRESS>?(?:\.{2,3}|:|\s)",
        rf"(?:{'|'.join(_LABELS)})\s?[:;：=]\s{{0,5}}(?:\[?(?:smtp|rfc822)[:;]\s?)?[\"'<(\[]{{0,2}}ADDRESS",
        r"^[^@:<>]{3,60}:\s{0,5}<?ADDRESS>?\s*$",
    ),
    (
        rf"(?:{_VERBS}|{_THINGS})\s?(?:\S{{1,20}}\s){{0,3}}?[\"'<(\[]{{1,3}}ADDRESS[\"'>)\]]",
        rf"\b(?:to|for|of|{_THINGS}|inbox)\s?:?\s{{1,5}}[\"'<(\[]{{0,3}}(?:mailto:)?ADDRESS",
        rf"ADDRESS[\"'>)\]]{{0,2}}\s?(?:\.{{3}}|{_FATES}|は|の|宛|さん)",
    ),
)


def _cue(line: str) -> re.Pattern[str]:
    return re.compile(line.replace("ADDRESS", f"(?P<address>{ADDRESS})"), re.IGNORECASE)


_CUES = tuple(tuple(_cue(line) for line in tier) for tier in _TIERS)
_ALONE = (_cue(r"^\s{0,12}<?ADDRESS>?:?\s*$"),)
_ANY = (_cue("ADDRESS"),)
_ABOUT_OTHERS = any_of(
    r"contact|assist|\bhelp\b|support|question|please (?:send|mail|e-?mail|write|forward)",
    r"report (?:this|it)|問い合わせ",
    r"^[\s>*]{0,8}(?:from|sender(?: address)?|reply-to|return-path|mail from|subject|date|cc)\s?:",
    r"^[\s>*]{0,8}(?:message-?id|x-[a-z-]{1,30})\s?:",
    r"mail from|\bfrom:? ?<|return path|envelope-from|message-id|information (?:about|on)",
)
_RECIPIENT_COMMAND = re.compile(r"rcpt to", re.IGNORECASE)


@dataclass(slots=True)
class Passage:
    """One recipient and the text where it is named."""

    recipient: str
    lines: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return "\n".join(self.lines)[:_MAX_PASSAGE_LENGTH]


def passages(text: str, *, ours: Callable[[str], bool]) -> list[Passage]:
    """Return the recipients that a text is about; `ours` returns whether the mail was sent by or to an address."""
    lines = _lines(text)
    for cues in _CUES:
        named = [
            (place, address) for place, address in _named(lines, cues) if not ours(address) and not is_role(address)
        ]
        if named:
            return _collect(lines, named)
    return []


def on_lines_of_their_own(text: str) -> list[Passage]:
    """Return recipients listed on their own lines, even the addressee of the bounce: people write to themselves."""
    lines = _lines(text)
    named = [(place, address) for place, address in _named(lines, _ALONE) if not is_role(address)]
    return _collect(lines, named) if named else []


def only_address(text: str, *, ours: Callable[[str], bool]) -> list[Passage]:
    """Return the only address in a text without any known sentence; empty when there are several."""
    lines = _lines(text)
    named = [(place, address) for place, address in _named(lines, _ANY) if not ours(address) and not is_role(address)]
    return _collect(lines, named) if len({address.lower() for _, address in named}) == 1 else []


def ours_of(letter: ParsedEmail) -> Callable[[str], bool]:
    """Return a function that returns whether the mail was sent by or to an address."""
    ends = {
        address.lower()
        for name in ("From", "To", "Return-Path", "Sender", "Delivered-To", "X-Original-To", "Reply-To")
        for value in letter.values(name)
        for _, address in find(value)
    }
    return lambda address: address.lower() in ends


def _lines(text: str) -> list[str]:
    return [line[:_MAX_LINE_LENGTH] for line in text.split("\n")[:MAX_LINES]]


def _named(lines: list[str], cues: tuple[re.Pattern[str], ...]) -> Iterator[tuple[int, str]]:
    for place, line in enumerate(lines):
        if "@" not in line:
            continue
        for cue in cues:
            found = cue.search(line)
            if found and not _is_about_others(line[: found.start("address")]):
                yield place, _address(found["address"])
                break


def _is_about_others(before: str) -> bool:
    """Return whether the text before an address makes it the sender's or a relay's; RCPT TO takes precedence."""
    return _ABOUT_OTHERS.search(_RECIPIENT_COMMAND.split(before)[-1][-80:]) is not None


def _address(found: str) -> str:
    return next((address for _, address in find(found)), unquoted(found))


def _collect(lines: list[str], named: list[tuple[int, str]]) -> list[Passage]:
    """Return each recipient with the lines from where it is named to where the next one is."""
    collected: dict[str, Passage] = {}
    ends = [place for place, _ in named[1:]] + [len(lines)]
    for (start, address), end in zip(named, ends, strict=True):
        passage = collected.setdefault(address.lower(), Passage(address))
        passage.lines.extend(lines[start : max(end, start + 1)][:30])
        if len(collected) >= MAX_RECIPIENTS:
            break
    return list(collected.values())
