"""Admin search by complete IDs, each with its index: a search for parts of them would read every row."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import LongList
from accounts.models import SellerAccount


class ListOfSellers(LongList):
    """A list of rows that belong to sellers: a seller ID uses the index, a part of a shop's name a scan."""

    search_fields = ("account",)
    search_help_text = _("Seller ID or shop name")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = cleaned(search_term)
        if not term:
            return queryset, False
        if (account := seller(term)) is not None:
            return queryset.filter(account=account), False
        return self.walk(queryset, term), False

    def walk(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        return queryset.filter(account__name__icontains=term)


def cleaned(term: str) -> str:
    return term.strip().replace("\x00", "")


def as_uuid(term: str) -> UUID | None:
    try:
        return UUID(term)
    except ValueError:
        return None


def seller(term: str) -> SellerAccount | None:
    """Return the seller account with this public ID; None if there is none."""
    return SellerAccount.objects.filter(public_id=term.upper()).first()
