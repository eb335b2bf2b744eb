"""Feedback reports (RFC 5965): a recipient pressed "this is spam"."""

from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser

from .addresses import clean
from .decoding import decode_words
from .original_message import original_recipients
from .raw_message import ParsedEmail

_RECIPIENTS = ("Original-Rcpt-To", "Removal-Recipient")
_NO_COMPLAINTS = frozenset({"not-spam", "auth-failure", "dmarc", "dkim"})
"""Feedback of other types (RFC 6430, RFC 6591): the recipient wants the mail, or a server reports forgeries."""


def complainants(letter: ParsedEmail) -> Iterator[str]:
    """Yield the recipients that a report names, else those the returned mail was addressed to."""
    reports = [_fields(part.text) for part in letter.own("message/feedback-report")]
    if any(_value(report, "Feedback-Type") in _NO_COMPLAINTS for report in reports):
        return
    named = [
        address
        for report in reports
        for name in _RECIPIENTS
        for value in report.get_all(name, [])
        if (address := clean(decode_words(value)))
    ]
    yield from dict.fromkeys(named or original_recipients(letter))


def _fields(text: str) -> Message:
    return HeaderParser().parsestr(text.lstrip()[:20_000])


def _value(report: Message, name: str) -> str:
    return decode_words(report.get(name, "")).lower()
