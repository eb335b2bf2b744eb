"""Normalise an e-mail address that a user typed. Pure functions, no I/O."""

import re
import unicodedata

from django.utils.translation import gettext as _

from accounts.rule_violation import RuleViolationError
from notifications.channels.email.mailbox import UnusableAddressError, mailbox

MAX_TYPED_LENGTH = 400
"""Longer input is refused without parsing; RFC 5321 allows 254."""

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"  # left over from copying out of web pages and documents
_LOCAL_CHARACTER = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]")
_BETWEEN_ADDRESSES = re.compile(r"[,;、\s]")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_READ_IN_TWO_WAYS = frozenset("ßς")  # IDNA 2003 and 2008 disagree
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def normalise(typed: str) -> str:
    """Return the address in its normal form; raises RuleViolationError with a message for the user.

    Full-width characters become half-width, surrounding blanks are removed, the domain becomes lower-case Unicode
    (IDNA 2003). The local part is kept as typed: only `same` ignores its case. Consecutive dots and a dot before the
    @ are accepted, because Japanese carriers gave out such addresses.
    """
    if len(typed) > MAX_TYPED_LENGTH:
        raise RuleViolationError(_("The address is too long."))
    text = unicodedata.normalize("NFKC", typed).replace("。", ".").strip().strip(_INVISIBLE).strip()
    if not text:
        raise RuleViolationError(_("Enter an e-mail address."))
    if not text.isprintable():
        raise RuleViolationError(_("The address holds a character that cannot be seen. Type it anew."))
    local, _at, domain = text.rpartition("@")
    if not local or not domain:
        raise RuleViolationError(
            _("“%(typed)s” is not an e-mail address. It needs an @ in the middle, as in name@example.jp.")
            % {"typed": text}
        )
    address = f"{_local_part(local)}@{_domain(domain)}"
    try:
        mailbox(address)
    except UnusableAddressError as error:
        raise RuleViolationError(_("The address is too long.")) from error
    return address


def same(email: str) -> str:
    """Return the key under which two addresses count as the same: providers ignore case."""
    return email.lower()


def _local_part(local: str) -> str:
    if quoted := _QUOTED.fullmatch(local):
        local = re.sub(r"\\(.)", r"\1", quoted[1])
    if "@" in local and _BETWEEN_ADDRESSES.search(local):
        raise RuleViolationError(_("Enter one address in each field."))
    for character in local:
        if not _LOCAL_CHARACTER.fullmatch(character):
            if character.isspace():
                raise RuleViolationError(_("There must be no space in an e-mail address."))
            raise RuleViolationError(
                _("“%(character)s” cannot stand before the @ of an e-mail address.") % {"character": character}
            )
    if "=?" in local or not local.strip("."):
        raise RuleViolationError(_("“%(part)s” cannot stand before the @ of an e-mail address.") % {"part": local})
    return local


def _domain(domain: str) -> str:
    refused = RuleViolationError(_("“%(domain)s” is not a domain. Check what stands after the @.") % {"domain": domain})
    domain = domain.lower().removesuffix(".")
    if _READ_IN_TWO_WAYS.intersection(domain):
        raise refused
    try:
        wire = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise refused from None
    if not _DOMAIN.fullmatch(wire):
        raise refused
    try:
        return wire.encode("ascii").decode("idna").lower()
    except UnicodeError:
        return wire
