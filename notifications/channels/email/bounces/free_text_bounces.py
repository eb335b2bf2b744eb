"""Bounces in free text: the failures that their sentences state, and the recipients that they can only concern."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from notifications.types.enums import BounceKind, BounceReason

from . import fallback
from .addresses import find
from .bounce import Bounce
from .classification import plain, status_in
from .free_text import on_lines_of_their_own, only_address, ours_of, passages
from .original_message import original_recipients
from .pattern_vocabulary import any_of
from .raw_message import ParsedEmail
from .server_response import bounced, server_words

_DELAYED = any_of(
    r"warning message only|this is a warning|not need to re-?send|no action is required|advisory-only",
    r"delayed mail|(?:will|being) (?:be |continue to be )?(?:retried|re-?tried|tried)",
    r"will (?:continue|keep) (?:to )?(?:try|be)",
    r"(?<!further )(?<!further delivery )attempts will (?:continue|be)|will retry|will try again",
    r"not yet been delivered|still (?:being|in the queue|trying)|(?:has been|is|temporarily) delayed",
    r"transient non-?fatal|has been postponed|warning: (?:could not send|message)",
    r"再送を(?:試|続)|配信を継続|まだ(?:配信|届)",
)
_DELAY_SUBJECT = any_of(r"\bdelay|warning: |still being|遅延")
_GAVE_UP = any_of("giv(?:en|ing) up|too long|permanent|returned|expired|final")
_DELIVERED = any_of(
    r"(?:has been|have been|was|were) (?:successfully )?(?:delivered|relayed) to",
    r"\bsuccessfully (?:delivered|relayed)|delivery .{0,60} is complete",
)
_DELIVERED_SUBJECT = any_of(r"^(?:delivered|relayed|expanded)\b|\((?:success|relay|delivered)\)|\bsuccessful")


def find_recipients(letter: ParsedEmail, text: str) -> Iterator[Bounce]:
    """Yield a bounce for each recipient that the sentences name."""
    said = passages(text, ours=ours_of(letter))
    words = {passage.recipient.lower(): passage.words for passage in said}
    named = [address for value in letter.values("X-Failed-Recipients") for _, address in find(value)]
    # Where the two differ, the sentences are right: the header has been seen to hold an alias.
    if not any(address.lower() in words for address in named):
        named = [passage.recipient for passage in said] or named
    yield from _judged(letter, text, named, words)


def from_last_witnesses(letter: ParsedEmail, text: str, quoted: str) -> Iterator[Bounce]:
    """Yield bounces for recipients that the text names in no known way, from the most to the least reliable source."""
    ours = ours_of(letter)
    said = on_lines_of_their_own(text) or only_address(text, ours=ours)
    words = {passage.recipient.lower(): passage.words for passage in said}
    named = (
        [passage.recipient for passage in said]
        or list(fallback.recipients(letter, f"{text}\n{quoted}"))
        or list(original_recipients(letter, quoted))
    )
    if named:
        yield from _judged(letter, text, named, words)
        return
    # Only our own address: a message to us about our own mailbox looks the same.
    named = [passage.recipient for passage in passages(text, ours=lambda _: False)]
    yield from (replace(bounce, permanent=False) for bounce in _judged(letter, text, named, words))
    if not named:
        yield from _nameless(letter, text)


def _nameless(letter: ParsedEmail, text: str) -> Iterator[Bounce]:
    """Yield a bounce without a recipient: it still gives the reason to a caller who knows the delivery."""
    numbers = server_words(text) or status_in(plain(text))
    for bounce in _judged(letter, text, [""], {}):
        if numbers or bounce.reason != BounceReason.OTHER:
            yield replace(bounce, permanent=bounce.permanent and bool(numbers))


def explanations_of(passage: str, text: str, *, alone: bool) -> tuple[str, ...]:
    """Return the text about one recipient; the whole text too when it concerns no other."""
    return tuple(words for words in (passage, text if alone else "") if words)


def _judged(letter: ParsedEmail, text: str, named: Iterable[str], words: dict[str, str]) -> Iterator[Bounce]:
    kind = _kind(letter.value("Subject"), text)
    recipients = list(dict.fromkeys(named))
    for recipient in recipients:
        passage = words.get(recipient.lower(), "")
        answer = server_words(passage or text) or passage
        explanations = explanations_of(passage, text, alone=len(recipients) == 1)
        yield bounced(recipient, kind, status="", answer=answer, explanations=explanations)


def _kind(subject: str, text: str) -> BounceKind:
    if _DELAYED.search(text) or (_DELAY_SUBJECT.search(subject) and not _GAVE_UP.search(subject)):
        return BounceKind.DELAYED
    if _DELIVERED_SUBJECT.search(subject) or (_DELIVERED.search(text) and not server_words(text)):
        return BounceKind.DELIVERED
    return BounceKind.BOUNCE
