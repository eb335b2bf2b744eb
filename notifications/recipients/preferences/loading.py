"""Load preferences: the stored rows, completed by the type catalogue's defaults."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import Plan, SellerAccount
from notifications.models import Preference, PreferenceAddress
from notifications.types.definitions import TYPES, NotificationType


@dataclass(frozen=True, slots=True)
class EffectivePreference:
    """The preference in force for one type in one seller account, whether stored or the default."""

    type: NotificationType
    email: bool
    line: bool
    addresses: tuple[UUID, ...] = ()
    """Address ids in the seller's order; empty means the account's default address."""
    version: int = 0
    """0: no preference is stored yet."""
    changed_by: str = ""
    changed_at: datetime | None = None

    @property
    def is_default(self) -> bool:
        return self.version == 0


DEFAULTS: Mapping[str, EffectivePreference] = {
    key: EffectivePreference(type=kind, email=kind.email_default, line=kind.line) for key, kind in TYPES.items()
}


def load(account_ids: Iterable[int], types: Iterable[str] | None = None) -> dict[int, dict[str, EffectivePreference]]:
    """Return the stored preferences by account id and type, without defaults; two queries for any number."""
    rows = Preference.objects.filter(account_id__in=list(account_ids)).select_related("changed_by")
    if types is not None:
        rows = rows.filter(type__in=list(types))
    found = list(rows)
    addresses: dict[int, list[UUID]] = {}
    links = PreferenceAddress.objects.filter(preference__in=[row.pk for row in found]).order_by("position")
    for preference_id, address_id in links.values_list("preference_id", "address_id"):
        addresses.setdefault(preference_id, []).append(address_id)
    choices: dict[int, dict[str, EffectivePreference]] = {}
    for row in found:
        if row.type in TYPES:
            choices.setdefault(row.account_id, {})[row.type] = laid_over(
                row.type,
                email=row.email,
                line=row.line,
                addresses=addresses.get(row.pk, []),
                version=row.version,
                changed_by=row.changed_by.name if row.changed_by else "",
                changed_at=row.changed_at,
            )
    return choices


def load_all(account: SellerAccount) -> dict[str, EffectivePreference]:
    """Return this account's preference for every type of the catalogue, by type."""
    return {**DEFAULTS, **load([account.pk]).get(account.pk, {})}


def in_plan(kind: NotificationType, plan: str) -> bool:
    """Return whether the selling plan includes this type."""
    return not kind.professional_only or plan == Plan.PROFESSIONAL


def laid_over(
    type_key: str,
    *,
    email: bool | None,
    line: bool | None,
    addresses: Iterable[UUID],
    version: int,
    changed_by: str,
    changed_at: datetime,
) -> EffectivePreference:
    """Return the preference that a row's values make with the catalogue's default; None means the default."""
    default = DEFAULTS[type_key]
    return EffectivePreference(
        type=default.type,
        email=True if default.type.required else default.email if email is None else email,
        line=default.type.line and (default.line if line is None else line),
        addresses=tuple(addresses),
        version=version,
        changed_by=changed_by,
        changed_at=changed_at,
    )
