"""The audience of a broadcast: all sellers that match its plans, languages and regions, or those of a list."""

import re
import unicodedata
from dataclasses import dataclass

from django.db.models import F, Func, QuerySet

from accounts.models import Plan, SellerAccount
from notifications.models import Broadcast, Preference
from notifications.types.definitions import TYPES

MAX_SELLERS = 50_000
"""The most seller IDs on a list."""
_BETWEEN = re.compile(r"[\s,;、，；]+")


@dataclass(frozen=True, slots=True)
class Count:
    """Counts of the sellers that a broadcast is for."""

    sellers: int
    not_in_plan: int
    """How many are not notified, because the type is not part of their selling plan."""
    email_off: int
    """How many have switched off e-mail for this type."""


@dataclass(frozen=True, slots=True)
class SellerList:
    """The seller IDs of a pasted list, split into known and unknown ones."""

    known: list[str]
    unknown: list[str]


def audience(broadcast: Broadcast) -> QuerySet[SellerAccount]:
    """Return the seller accounts that a saved broadcast is for. An empty filter matches all."""
    found = SellerAccount.objects.all()
    if broadcast.plans:
        found = found.filter(plan__in=broadcast.plans)
    if broadcast.languages:
        found = found.filter(language__in=broadcast.languages)
    if broadcast.regions:
        found = found.filter(region__in=broadcast.regions)
    if broadcast.sellers:
        # The list stays in the database, so that it is not sent with the query of each chunk.
        listed = Broadcast.objects.filter(pk=broadcast.pk).annotate(seller=Func(F("sellers"), function="unnest"))
        found = found.filter(public_id__in=listed.values("seller"))
    return found


def count(broadcast: Broadcast) -> Count:
    """Count the sellers that the broadcast is for at present."""
    sellers = audience(broadcast)
    kind = TYPES[broadcast.type]
    not_in_plan = sellers.exclude(plan=Plan.PROFESSIONAL).count() if kind.professional_only else 0
    switched_off = Preference.objects.filter(type=kind.key, email=False, account__in=sellers.values("pk"))
    if kind.professional_only:
        switched_off = switched_off.filter(account__plan=Plan.PROFESSIONAL)
    return Count(sellers.count(), not_in_plan, 0 if kind.required else switched_off.count())


def first_of(broadcast: Broadcast) -> SellerAccount | None:
    """Return the seller who is notified first, or None."""
    return audience(broadcast).order_by("pk").first()


def read_list(text: str) -> SellerList:
    """Parse the seller IDs of a pasted text, each once, in order; full-width and lower-case letters are accepted."""
    words = _BETWEEN.split(unicodedata.normalize("NFKC", text).upper())
    ids = list(dict.fromkeys(word for word in words if word))
    known = set(SellerAccount.objects.filter(public_id__in=ids[: MAX_SELLERS + 1]).values_list("public_id", flat=True))
    return SellerList([one for one in ids if one in known], [one for one in ids if one not in known])
