"""Reasons for a delivery's result that come from SellerHub itself, not from a provider.

They are stored in English and translated when shown.
"""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

ADDRESS_REMOVED = gettext_noop("The address was removed before the e-mail was sent.")
ADDRESS_NOT_ACTIVE = gettext_noop("The address was no longer active when the e-mail was to be sent.")
LEFT_AFTER_REPAIR = gettext_noop("After the address was repaired, somebody chose not to have it sent.")
ALREADY_THERE = gettext_noop("The address that took its place had it already.")
TOO_OLD = gettext_noop("After the address was repaired, it was too old to be sent.")
IN_SUMMARY = gettext_noop("It was part of the summary that was sent after the address was repaired.")
UNSUBSCRIBED = gettext_noop("The recipient unsubscribed before it was sent.")
RECALLED = gettext_noop("It was taken back before it was sent.")
BY_OPERATOR = gettext_noop("The marketplace stopped it before it was sent.")
NOT_WRITTEN = gettext_noop("SellerHub could not write this message. The error is ours, not the address's.")

UNPRINTABLE = gettext_noop("The address holds a character that cannot be printed.")
INCOMPLETE = gettext_noop("The address needs a name, an @ and a domain.")
READ_AS_ENCODED = gettext_noop("The address would be read as encoded text.")
ADDRESS_TOO_LONG = gettext_noop("The address is too long.")
AMBIGUOUS_DOMAIN = gettext_noop("The domain of the address can be read in two ways.")
NO_DOMAIN_NAME = gettext_noop("The domain of the address is not a domain name.")

TOO_LARGE = gettext_noop("The mail is larger than the %(limit)s bytes that the mail server takes.")
NO_SMTPUTF8 = gettext_noop("The mail server takes no address with letters outside ASCII (SMTPUTF8).")

NAME_UNKNOWN = gettext_noop("The mail server's name cannot be resolved: %(error)s")
NO_CONNECTION = gettext_noop("No connection to the mail server: %(error)s.")
NO_ENCRYPTION = gettext_noop("No encrypted connection to the mail server: %(error)s")
SILENT = gettext_noop("The mail server did not answer within %(seconds)s seconds.")
CLOSED = gettext_noop("The mail server closed the connection.")
BROKEN = gettext_noop("The connection to the mail server broke: %(error)s")
NO_STARTTLS = gettext_noop("The mail server offers no STARTTLS.")
IN_THE_CLEAR = gettext_noop("The mail server spoke in the clear after STARTTLS.")
NO_SIGN_IN = gettext_noop("The mail server offers neither AUTH PLAIN nor AUTH LOGIN.")
NOT_SMTP = gettext_noop("The server's answer is not SMTP.")
ENDLESS = gettext_noop("The server's answer does not end.")
UNASKED = gettext_noop("The server spoke without being asked: %(words)s")
OUT_OF_PLACE = gettext_noop("The mail server's answer fits nothing: %(words)s")

LINE_UNREACHABLE = gettext_noop("No connection to LINE.")
LINE_SILENT = gettext_noop("LINE did not answer in time. It may have taken the message; a repetition is recognised.")
LINE_TOO_LARGE = gettext_noop("The message does not fit LINE's limits (%(place)s). The error is ours.")
LINE_IN_DOUBT = gettext_noop("LINE never confirmed the message, and after 24 hours a repetition would arrive twice.")
LINK_ENDED = gettext_noop("The LINE link had ended before the message was sent.")
LINK_BLOCKED = gettext_noop("Our LINE account was blocked before the message was sent.")
LINE_SWITCHED_OFF = gettext_noop("LINE was switched off for this notification before the message was sent.")

_ALL = (
    *(ADDRESS_REMOVED, ADDRESS_NOT_ACTIVE, UNSUBSCRIBED, RECALLED, NOT_WRITTEN),
    *(LEFT_AFTER_REPAIR, ALREADY_THERE, TOO_OLD, IN_SUMMARY, BY_OPERATOR),
    *(UNPRINTABLE, INCOMPLETE, READ_AS_ENCODED, ADDRESS_TOO_LONG, AMBIGUOUS_DOMAIN, NO_DOMAIN_NAME),
    *(TOO_LARGE, NO_SMTPUTF8),
    *(NAME_UNKNOWN, NO_CONNECTION, NO_ENCRYPTION, SILENT, CLOSED, BROKEN),
    *(LINE_UNREACHABLE, LINE_SILENT, LINE_TOO_LARGE, LINE_IN_DOUBT),
    *(LINK_ENDED, LINK_BLOCKED, LINE_SWITCHED_OFF),
    *(NO_STARTTLS, IN_THE_CLEAR, NO_SIGN_IN, NOT_SMTP, ENDLESS, UNASKED, OUT_OF_PLACE),
)


def translated(answer: str) -> str | None:
    """Return one of these sentences in the active language; None for any other text."""
    for written, sentence in _WRITTEN.items():
        if found := written.fullmatch(answer):
            return _(sentence) % found.groupdict()
    return None


def _as_written(sentence: str) -> re.Pattern[str]:
    """Return a pattern that matches the sentence with any values filled in."""
    return re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.*)", re.escape(sentence)), re.DOTALL)


_WRITTEN = {_as_written(sentence): sentence for sentence in _ALL}
