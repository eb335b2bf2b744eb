"""Parse the bytes of a returned mail into one result for each recipient."""

import re
from collections.abc import Iterator
from dataclasses import replace

from notifications.types.enums import BounceKind, BounceReason

from .addresses import clean, find
from .bounce import Bounce
from .complaints import complainants
from .delivery_status import Entry, entries
from .free_text import ours_of, passages
from .free_text_bounces import explanations_of, find_recipients, from_last_witnesses
from .message_kind import REPORTS, MessageKind, classify_message, is_forwarded
from .original_message import cut_off, original_recipients
from .raw_message import ParsedEmail, read
from .server_response import bounced, shown

_FIELDS = re.compile(r"^[ \t>]{0,8}(?:final|original)-recipient:", re.IGNORECASE | re.MULTILINE)
_QUOTED_LINE = re.compile(r"^>(?!>>)[^\n]*$", re.MULTILINE)


def parse(raw: bytes) -> list[Bounce]:
    """Return a bounce for each recipient; empty when the mail is no bounce. Takes any bytes and never raises."""
    letter = read(raw)
    nature = classify_message(letter)
    match nature:
        case MessageKind.ORDINARY:
            return []
        case MessageKind.COMPLAINT:
            return [_no_failure(address, BounceKind.COMPLAINT, letter) for address in complainants(letter)]
        case MessageKind.AUTO_REPLY:
            return [_no_failure(clean(letter.value("From")), BounceKind.AUTO_REPLY, letter)]
    found = list(_failures(letter))
    return [replace(bounce, permanent=False) for bounce in found] if nature is MessageKind.DOUBTFUL else found


def _no_failure(recipient: str, kind: BounceKind, letter: ParsedEmail) -> Bounce:
    return Bounce(recipient, "", False, BounceReason.OTHER, kind, shown(letter.explanation))


def _failures(letter: ParsedEmail) -> Iterator[Bounce]:
    """Yield from the first source that names a recipient: report fields, sentences, then another server's report."""
    text, quoted = cut_off(letter.explanation)
    if is_forwarded(letter.value("Subject")):
        text, quoted = _QUOTED_LINE.sub("", text), ""  # quoted text of an earlier message
    reported = _reported(letter) or (text if _FIELDS.search(text) else "")
    yield from (
        list(_from_report(letter, reported, text))
        or list(find_recipients(letter, text))
        or [bounce for inner in _wrapped(letter) for bounce in _from_report(inner, _reported(inner), inner.explanation)]
        or (list(_from_report(letter, quoted, text)) if _FIELDS.search(quoted) else [])
        or list(from_last_witnesses(letter, text, quoted))
    )


def _reported(letter: ParsedEmail) -> str:
    return "\n\n".join(part.text for part in letter.own(*REPORTS))


def _wrapped(letter: ParsedEmail) -> list[ParsedEmail]:
    return [read(part.body) for part in letter.returned[:3]]


def _from_report(letter: ParsedEmail, report: str, text: str) -> Iterator[Bounce]:
    found = [(_located(entry, letter), entry) for entry in entries(report)]
    if not found:
        return
    said = {passage.recipient.lower(): passage.words for passage in passages(text, ours=ours_of(letter))}
    for recipient, entry in found:
        explanations = explanations_of(said.get(recipient.lower(), ""), text, alone=len(found) == 1)
        yield bounced(recipient, entry.kind, status=entry.status, answer=entry.answer, explanations=explanations)


def _located(entry: Entry, letter: ParsedEmail) -> str:
    """Return the recipient of an entry, even where its fields hold no complete address."""
    named = [entry.recipient] if entry.recipient else [address for _, address in find(entry.answer)]
    return next(iter(named or original_recipients(letter)), "")
