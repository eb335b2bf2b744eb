"""The emergency call list: shops to call when a large-scale event affects orders or shipments.
Phone numbers are masked until an operator asks for one. Every view, every number shown and every export is logged.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber

from accounts.activity import operator_log
from accounts.models import MarketplaceRegion, SellerAccount, User
from notifications.models import EmergencyContact
from notifications.recipients.emergency_phone import masked, shown

PAGE_SIZE = 50
MAX_EXPORTED = 50_000
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Search:
    """The filter of the list."""

    region: str = ""
    words: str = ""
    """A seller ID or a part of a shop's name."""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One shop to call."""

    account: SellerAccount
    phone: str
    """Masked unless an operator asked for it."""
    is_uncovered: bool
    contact: EmergencyContact


@dataclass(frozen=True, slots=True)
class Page:
    lines: Sequence[Line]
    is_last: bool


def look(search: Search, *, by: User) -> Page:
    """Return one page of the list with masked numbers; logs the view."""
    page = _page(search)
    operator_log.record("calls.viewed", by=by, **_about(search), accounts=[line.account.pk for line in page.lines])
    return page


def uncover(search: Search, account_id: int, *, by: User) -> Page | None:
    """Return the page with the number of one shop and log it; None when that shop is not on the page."""
    page = _page(search, uncovered=account_id)
    found = next((line for line in page.lines if line.is_uncovered), None)
    if found is None:
        return None
    operator_log.record("calls.uncovered", by=by, account=found.account)
    return page


def export(search: Search, *, by: User) -> bytes:
    """Return the list with its numbers as CSV for Excel, at most MAX_EXPORTED shops; logs the export."""
    contacts = list(_contacts(search)[:MAX_EXPORTED])
    operator_log.record("calls.exported", by=by, **_about(search), count=len(contacts))
    return _as_csv(contacts)


def _page(search: Search, *, uncovered: int | None = None) -> Page:
    start = (search.page - 1) * PAGE_SIZE
    contacts = list(_contacts(search)[start : start + PAGE_SIZE + 1])
    lines = [
        Line(
            account=contact.account,
            phone=shown(contact.phone) if contact.pk == uncovered else masked(contact.phone),
            is_uncovered=contact.pk == uncovered,
            contact=contact,
        )
        for contact in contacts[:PAGE_SIZE]
    ]
    return Page(lines, is_last=len(contacts) <= PAGE_SIZE)


def _contacts(search: Search) -> QuerySet[EmergencyContact]:
    contacts = EmergencyContact.objects.select_related("account").order_by("account__region", "account_id")
    if search.region in MarketplaceRegion.values:
        contacts = contacts.filter(account__region=search.region)
    words = search.words.strip().replace("\x00", "")
    if words:
        contacts = contacts.filter(Q(account__public_id__iexact=words) | Q(account__name__icontains=words))
    return contacts


def _about(search: Search) -> dict[str, Any]:
    """Describe the search for the log, without its words, which may contain a name."""
    return {"region": search.region, "searched": bool(search.words), "page": search.page}


def _as_csv(contacts: Sequence[EmergencyContact]) -> bytes:
    """Write the CSV with a byte order mark, without which Excel does not recognise UTF-8."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(
        [_("Seller ID"), _("Shop"), _("Marketplace region"), _("Language"), _("Emergency phone"), _("Confirmed")]
    )
    for row in _rows(contacts):
        writer.writerow([_harmless(cell) for cell in row])
    return written.getvalue().encode("utf-8-sig")


def _rows(contacts: Sequence[EmergencyContact]) -> Iterator[tuple[str, ...]]:
    for contact in contacts:
        account = contact.account
        yield (
            account.public_id,
            account.name,
            account.get_region_display(),
            account.get_language_display(),
            _as_cell(contact.phone),
            contact.confirmed_at.date().isoformat(),
        )


def _as_cell(phone: PhoneNumber) -> str:
    """Put the country code in brackets: Excel would evaluate a number that begins with +."""
    text = shown(phone)
    country, _space, rest = text.partition(" ")
    return f"({country}) {rest}" if text.startswith("+") else text


def _harmless(cell: str) -> str:
    """Prefix what a spreadsheet would take for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
