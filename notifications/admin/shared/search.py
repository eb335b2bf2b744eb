"""Whole ids are looked for, each by its index: parts of them would be looked for in every row."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import LongList
from accounts.models import SellerAccount


class ListOfSellers(LongList):
    """Lists of what belongs to shops: a seller ID finds it by its index, a part of a shop's name by a walk."""

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
    """The seller account with this ID."""
    return SellerAccount.objects.filter(public_id=term.upper()).first()
