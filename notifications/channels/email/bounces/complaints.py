"""Feedback reports (RFC 5965): a recipient pressed "this is spam"."""

from collections.abc import Iterator
from email.parser import HeaderParser

from .addresses import clean
from .decoding import decode_words
from .letter import Letter
from .original import original_recipients

_RECIPIENTS = ("Original-Rcpt-To", "Removal-Recipient")


def complainants(letter: Letter) -> Iterator[str]:
    """The recipients that a report names, else those the returned mail was addressed to."""
    named = [
        address
        for part in letter.own("message/feedback-report")
        for name in _RECIPIENTS
        for value in HeaderParser().parsestr(part.text.lstrip()[:20_000]).get_all(name, [])
        if (address := clean(decode_words(value)))
    ]
    yield from dict.fromkeys(named or original_recipients(letter))
