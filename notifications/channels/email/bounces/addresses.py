"""E-mail addresses as bounces write them, including those that no RFC allows and docomo issued for years."""

import re
from collections.abc import Iterator

_MAX_LENGTH = 320
_TYPE = re.compile(r"^[a-z0-9-]{1,20}\s?;\s*|^(?:smtp|mailto):\s*", re.IGNORECASE)
# Two consecutive dots and a dot before the @ are accepted on purpose.
_QUOTED = r'"[^"\r\n]{1,64}"'
_IN_FIELD = re.compile(
    rf"(?:{_QUOTED}|[^\x00-\x20\x7f-\xa0\s<>()\[\]{{}},;:\"\\@|`‘-”]{{1,128}})@[\w.-]{{1,255}}",
)
_PLAIN = r"[A-Za-z0-9!#$%&'*+/=?^_{}~.-]{1,128}"
ADDRESS = rf"(?:{_QUOTED}|{_PLAIN})@(?:[A-Za-z0-9_-]{{1,63}}\.){{1,10}}[A-Za-z0-9-]{{2,63}}"
"""One address in running text, without groups, bounded. ASCII only: Japanese may follow it without a space."""
_ADDRESS = re.compile(ADDRESS)

_ROLES = re.compile(r"^(?:mailer-daemon|postmaster|mail-?daemon|bounce|no-?reply)$", re.IGNORECASE)


def clean(text: str) -> str:
    """Return the address in a field such as `rfc822; <"a..b"@docomo.ne.jp>`; empty when there is none."""
    text = _TYPE.sub("", text.strip()[: 2 * _MAX_LENGTH]).strip()
    if found := _IN_FIELD.search(text):
        return unquoted(found[0])
    return ""


def find(text: str) -> Iterator[tuple[int, str]]:
    """Yield every address in running text, with its position."""
    if "@" in text:
        for found in _ADDRESS.finditer(text):
            address = unquoted(found[0])
            # `=address@host` and `'address@host'`: the surrounding characters are not part of it.
            yield found.start(), address.lstrip("'=*-~/")


def unquoted(address: str) -> str:
    """Normalise an address for comparison: no quotes around the local part, the domain in lower case."""
    local, _, domain = address.rpartition("@")
    if len(local) > 2 and local[0] == local[-1] == '"':
        local = local[1:-1].replace("\\", "")
    return f"{local.strip(chr(39))}@{domain.rstrip('.-').lower()}"


def is_role(address: str) -> bool:
    """Return whether the address is a role such as postmaster, which is named but was not the recipient."""
    return _ROLES.match(address.rpartition("@")[0]) is not None
