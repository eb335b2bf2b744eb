"""An e-mail address as SMTP and the To header write it (RFC 5321, 5322; RFC 6531 and IDNA beyond ASCII)."""

import re
import unicodedata
from dataclasses import dataclass

from .. import internal_reasons

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"
_ASCII_DOMAIN = re.compile(_DOMAIN)
_DOT_ATOM = re.compile(rf"{_ATEXT}(?:\.{_ATEXT})*")
_PLAIN_ADDRESS = re.compile(rf"{_DOT_ATOM.pattern}@{_DOMAIN}")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')

_MAX_ADDRESS_LENGTH = 254  # RFC 5321, erratum 1690
_MAX_LOCAL_PART_LENGTH = 64

# IDNA 2003, which the standard library implements, maps these to another domain than IDNA 2008 does.
_AMBIGUOUS_IN_DOMAINS = frozenset("ßς\u200c\u200d")


class UnusableAddressError(ValueError):
    """The address is one that no mail server would accept."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    address: bytes
    needs_utf8: bool = False
    """Only a server that offers SMTPUTF8 can take it."""


def mailbox(address: str) -> Mailbox:
    """Validate an address and encode it for SMTP; raises UnusableAddressError."""
    if len(address) <= _MAX_ADDRESS_LENGTH and _PLAIN_ADDRESS.fullmatch(address) and "=?" not in address:
        local, _, _ = address.partition("@")
        if len(local) <= _MAX_LOCAL_PART_LENGTH:
            return Mailbox(address.encode("ascii"))
    return _unusual_mailbox(address)


def _unusual_mailbox(address: str) -> Mailbox:
    if not address.isprintable():
        raise UnusableAddressError(internal_reasons.UNPRINTABLE)
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        raise UnusableAddressError(internal_reasons.INCOMPLETE)
    if "=?" in local:
        raise UnusableAddressError(internal_reasons.READ_AS_ENCODED)
    wire_local = _local_part(local)
    wire = wire_local.encode() + b"@" + _domain(domain)
    if len(wire) > _MAX_ADDRESS_LENGTH or len(wire_local.encode()) > _MAX_LOCAL_PART_LENGTH:
        raise UnusableAddressError(internal_reasons.ADDRESS_TOO_LONG)
    return Mailbox(wire, needs_utf8=not wire.isascii())


def _local_part(local: str) -> str:
    """Keep a dot-atom, quote anything else: some old carrier addresses have two consecutive dots."""
    if quoted := _QUOTED.fullmatch(local):
        local = re.sub(r"\\(.)", r"\1", quoted[1])
    local = unicodedata.normalize("NFC", local)
    if _DOT_ATOM.fullmatch("".join(c if c.isascii() else "x" for c in local)):
        return local
    return '"' + re.sub(r'(["\\])', r"\\\1", local) + '"'


def _domain(domain: str) -> bytes:
    if _AMBIGUOUS_IN_DOMAINS.intersection(domain):
        raise UnusableAddressError(internal_reasons.AMBIGUOUS_DOMAIN)
    try:
        wire = domain.encode("idna")
    except UnicodeError as error:
        raise UnusableAddressError(internal_reasons.NO_DOMAIN_NAME) from error
    if not _ASCII_DOMAIN.fullmatch(wire.decode("ascii")):
        raise UnusableAddressError(internal_reasons.NO_DOMAIN_NAME)
    return wire
