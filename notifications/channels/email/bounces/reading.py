"""From the bytes of a returned mail to what it says of each recipient."""

import re
from collections.abc import Callable, Iterator

from ....enums import BounceKind, BounceReason
from .addresses import clean, find
from .answer import bounced, shown
from .bounce import Bounce
from .complaints import complainants
from .letter import Letter, read
from .nature import REPORTS, Nature, nature_of
from .original import cut_off, original_recipients
from .prose import passages
from .status_report import Entry, entries

_LONGEST_EXPLANATION = 24 * 1024
_FIELDS = re.compile(r"^[ \t>]{0,8}(?:final|original)-recipient:", re.IGNORECASE | re.MULTILINE)
_DELAYED = re.compile(
    r"warning message only|this is a warning|do not need to resend|not need to re-?send|no action is required"
    r"|(?:will|being) (?:be |continue to be )?(?:retried|re-?tried|tried)|will (?:continue|keep) (?:to )?(?:try|be)|attempts will (?:continue|be)"
    r"|not yet been delivered|still (?:being|in the queue|trying)|has been delayed|is delayed|transient non-?fatal|temporarily delayed"
    r"|will retry|advisory-only|delayed mail|has been postponed|warning: (?:could not send|message)",
    re.IGNORECASE,
)
_DELAY_SUBJECT = re.compile(r"\bdelay|warning: |still being|遅延", re.IGNORECASE)
_GAVE_UP = re.compile(r"giv(?:en|ing) up|too long|permanent|returned|expired|final", re.IGNORECASE)


def parse(raw: bytes) -> list[Bounce]:
    """What a returned mail says of each recipient; empty when it is none. Takes any bytes and never raises."""
    letter = read(raw)
    nature = nature_of(letter)
    if nature is Nature.ORDINARY:
        return []
    if nature is Nature.COMPLAINT:
        return [_no_failure(address, BounceKind.COMPLAINT, letter) for address in complainants(letter)]
    if nature is Nature.AUTO_REPLY:
        return [_no_failure(clean(letter.value("From")), BounceKind.AUTO_REPLY, letter)]
    text, quoted = cut_off(_explanation(letter))
    reported = "\n\n".join(part.text for part in letter.own(*REPORTS))
    if not reported and _FIELDS.search(text):
        reported = text
    if found := list(_from_report(letter, reported, text)):
        return found
    return list(_from_prose(letter, text, quoted))


def _no_failure(recipient: str, kind: BounceKind, letter: Letter) -> Bounce:
    return Bounce(recipient, "", False, BounceReason.OTHER, kind, shown(_explanation(letter)))


def _explanation(letter: Letter) -> str:
    """What is written for people."""
    parts = letter.own("text/plain") or letter.own("text/html")
    text = "\n\n".join(part.text for part in parts if part.text.strip())
    if not text.strip():
        text = "\n\n".join(part.text for part in letter.own("text/html"))
    return text[:_LONGEST_EXPLANATION]


def _from_report(letter: Letter, report: str, text: str) -> Iterator[Bounce]:
    found = [_located(entry, letter) for entry in entries(report)]
    if not found:
        return
    said = {passage.recipient.lower(): passage.words for passage in passages(text, ours=_ours(letter))}
    for recipient, entry in found:
        explanation = said.get(recipient.lower(), text if len(found) == 1 else "")
        yield bounced(recipient, entry.kind, status=entry.status, answer=entry.answer, explanation=explanation)


def _located(entry: Entry, letter: Letter) -> tuple[str, Entry]:
    """An entry and whom it is about, also where its fields hold no whole address."""
    if entry.recipient:
        return entry.recipient, entry
    named = [address for _, address in find(entry.answer)] or list(original_recipients(letter))
    return (named[0] if named else ""), entry


def _from_prose(letter: Letter, text: str, quoted: str) -> Iterator[Bounce]:
    kind = BounceKind.DELAYED if _is_delay(letter, text) else BounceKind.BOUNCE
    named = [clean(part) for value in letter.values("X-Failed-Recipients") for part in value.split(",")]
    said = passages(text, ours=_ours(letter))
    words = {passage.recipient.lower(): passage.words for passage in said}
    recipients = [address for address in named if address] or [passage.recipient for passage in said]
    if not recipients:
        recipients = list(original_recipients(letter, quoted))
    for recipient in dict.fromkeys(recipients):
        answer = words.get(recipient.lower(), "")
        yield bounced(recipient, kind, status="", answer=answer, explanation=text)


def _is_delay(letter: Letter, text: str) -> bool:
    if _DELAY_SUBJECT.search(letter.value("Subject")) and not _GAVE_UP.search(letter.value("Subject")):
        return True
    return _DELAYED.search(text) is not None


def _ours(letter: Letter) -> Callable[[str], bool]:
    """Whether an address is the one the mail was sent by or to."""
    ends = {
        address.lower()
        for name in ("From", "To", "Return-Path", "Sender", "Delivered-To", "X-Original-To", "Reply-To")
        for value in letter.values(name)
        for _, address in find(value)
    }
    return lambda address: address.lower() in ends
