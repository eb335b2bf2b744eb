"""Who is told: all sellers who fit the plans, languages and regions, or those of a list."""

import re
import unicodedata
from dataclasses import dataclass

from django.db.models import F, Func, QuerySet

from accounts.models import Plan, SellerAccount
from notifications.models import Broadcast, Preference
from notifications.types.definitions import TYPES

MAX_SELLERS = 50_000
"""On a list."""
_BETWEEN = re.compile(r"[\s,;、，；]+")


@dataclass(frozen=True, slots=True)
class Count:
    """How many a broadcast concerns."""

    sellers: int
    not_in_plan: int
    """Of these so many do not hear of it: it is not part of their selling plan."""
    email_off: int
    """Of these so many have switched its e-mail off."""


@dataclass(frozen=True, slots=True)
class SellerList:
    """What somebody pasted."""

    known: list[str]
    unknown: list[str]


def audience(broadcast: Broadcast) -> QuerySet[SellerAccount]:
    """The seller accounts that a saved broadcast is for. An empty choice means all."""
    found = SellerAccount.objects.all()
    if broadcast.plans:
        found = found.filter(plan__in=broadcast.plans)
    if broadcast.languages:
        found = found.filter(language__in=broadcast.languages)
    if broadcast.regions:
        found = found.filter(region__in=broadcast.regions)
    if broadcast.sellers:
        # The list stays in the database: each chunk would carry it there again.
        listed = Broadcast.objects.filter(pk=broadcast.pk).annotate(seller=Func(F("sellers"), function="unnest"))
        found = found.filter(public_id__in=listed.values("seller"))
    return found


def count(broadcast: Broadcast) -> Count:
    """How many sellers it concerns now."""
    sellers = audience(broadcast)
    kind = TYPES[broadcast.type]
    not_in_plan = sellers.exclude(plan=Plan.PROFESSIONAL).count() if kind.professional_only else 0
    switched_off = Preference.objects.filter(type=kind.key, email=False, account__in=sellers.values("pk"))
    if kind.professional_only:
        switched_off = switched_off.filter(account__plan=Plan.PROFESSIONAL)
    return Count(sellers.count(), not_in_plan, 0 if kind.required else switched_off.count())


def first_of(broadcast: Broadcast) -> SellerAccount | None:
    """The seller who is told first."""
    return audience(broadcast).order_by("pk").first()


def read_list(text: str) -> SellerList:
    """The seller IDs in a pasted text, each once, in order; full-width and small letters are understood."""
    words = _BETWEEN.split(unicodedata.normalize("NFKC", text).upper())
    ids = list(dict.fromkeys(word for word in words if word))
    known = set(SellerAccount.objects.filter(public_id__in=ids[: MAX_SELLERS + 1]).values_list("public_id", flat=True))
    return SellerList([one for one in ids if one in known], [one for one in ids if one not in known])
