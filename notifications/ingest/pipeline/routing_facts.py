"""Load the data for routing a whole batch, as plain tuples: model instances would cost more."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.members.access import confirmed_by_primary_user
from accounts.roles import Role
from notifications.recipients import email_addresses
from notifications.recipients.preferences import DEFAULTS, EffectivePreference, laid_over
from notifications.recipients.routing import KnownAddress, KnownLink, Routes, decide, needs_default
from notifications.types.enums import AddressState, LinkState

from .statements import Account, Candidate

Chosen = tuple[EffectivePreference, list[KnownAddress]]

_ACCOUNTS = """
SELECT public_id, id, plan, language
FROM accounts_selleraccount AS account
WHERE public_id = ANY(%s)
ORDER BY id
{hold}
"""

# OFFSET 0 stops PostgreSQL from flattening the subquery: one index probe for each pair, whatever its statistics.
_CHOICES = """
SELECT wanted.account_id, wanted.type, preference.email, preference.line, preference.version, changer.name,
       extract(epoch FROM preference.changed_at)::float8,
       address.id, address.email, address.state, address.language, address.failure, address.unsubscribed_from
FROM unnest(%s::bigint[], %s::text[]) AS wanted (account_id, type)
CROSS JOIN LATERAL (
    SELECT * FROM notifications_preference AS one
    WHERE one.account_id = wanted.account_id AND one.type = wanted.type
    OFFSET 0
) AS preference
LEFT JOIN accounts_user AS changer ON changer.id = preference.changed_by_id
LEFT JOIN LATERAL (
    SELECT known.*, named.position, ARRAY(
        SELECT gone.type FROM notifications_unsubscription AS gone
        WHERE gone.address_id = known.id AND gone.type = wanted.type
    ) AS unsubscribed_from
    FROM notifications_preferenceaddress AS named
    JOIN notifications_address AS known ON known.id = named.address_id
    WHERE named.preference_id = preference.id
    OFFSET 0
    {hold}
) AS address ON true
ORDER BY preference.id, address.position
"""

_DEFAULTS = """
SELECT address.account_id, address.id, address.email, address.state, address.language, address.failure,
       ARRAY(SELECT gone.type FROM notifications_unsubscription AS gone WHERE gone.address_id = address.id)
FROM accounts_membership AS membership
JOIN accounts_user AS person ON person.id = membership.user_id
JOIN notifications_address AS address
    ON address.account_id = membership.account_id AND address.email = person.email
WHERE membership.account_id = ANY(%s) AND membership.role = %s AND address.state = %s
{hold}
"""

# A link counts only while the person who linked is the primary user and may sign in.
_LINKS = """
SELECT link.account_id, link.id, link.line_user_id, link.state, person.language
FROM notifications_linelink AS link
JOIN notifications_lineuser AS person ON person.user_id = link.line_user_id
JOIN accounts_membership AS owner
    ON owner.account_id = link.account_id AND owner.user_id = link.linked_by_id AND owner.role = %s
JOIN accounts_user AS linker ON linker.id = link.linked_by_id AND linker.is_active
WHERE link.account_id = ANY(%s) AND link.state <> %s
{hold}
"""


def accounts(public_ids: Collection[str], *, hold: bool) -> dict[str, Account]:
    """Return the existing seller accounts by public id. With `hold` their rows are locked until the commit."""
    statement = _ACCOUNTS.format(hold=_hold("account", hold))
    return {public_id: Account(*account) for public_id, *account in _fetch(statement, list(public_ids))}


def route(candidates: Sequence[Candidate], *, hold: bool) -> list[Routes]:
    """Return the routes of each notification, in order. With `hold` their addresses and links are locked, too."""
    made = _choices({(one.account.id, one.event.kind.key) for one in candidates}, hold=hold)
    chosen = [made.get((one.account.id, one.event.kind.key), (DEFAULTS[one.event.kind.key], [])) for one in candidates]
    lacking = {one.account.id for one, choice in zip(candidates, chosen, strict=True) if needs_default(*choice)}
    defaults = _default_addresses(lacking, hold=hold) if lacking else {}
    on_line = {one.account.id for one in candidates if one.event.kind.line}
    links = _links(on_line, hold=hold) if on_line else {}
    return [
        decide(
            choice,
            language=one.account.language,
            chosen=named,
            default=defaults.get(one.account.id),
            link=links.get(one.account.id),
            line_verdict=one.event.line_verdict,
        )
        for one, (choice, named) in zip(candidates, chosen, strict=True)
    ]


def _choices(wanted: Collection[tuple[int, str]], *, hold: bool) -> dict[tuple[int, str], Chosen]:
    """Return the saved preferences by account and type, each with the addresses it names."""
    if not wanted:
        return {}
    account_ids, types = zip(*wanted, strict=True)
    rows: dict[tuple[int, str], list[tuple[Any, ...]]] = {}
    for row in _fetch(_CHOICES.format(hold=_hold("known", hold)), list(account_ids), list(types)):
        rows.setdefault(row[:2], []).append(row[2:])
    return {key: _chosen(key[1], found) for key, found in rows.items()}


def _chosen(type_key: str, rows: Sequence[tuple[Any, ...]]) -> Chosen:
    """Build one preference from its rows: one for each address it names, or a single one without any."""
    email, line, version, changer, changed_at = rows[0][:5]
    named = [_known(*row[5:]) for row in rows if row[5] is not None]
    choice = laid_over(
        type_key,
        email=email,
        line=line,
        addresses=(address.id for address in named),
        version=version,
        changed_by=changer or "",
        changed_at=datetime.fromtimestamp(changed_at, UTC),
    )
    return choice, named


def _default_addresses(account_ids: Collection[int], *, hold: bool) -> dict[int, KnownAddress]:
    """Return the same as `addresses.default_addresses`, which is called only for accounts without an active one."""
    statement = _DEFAULTS.format(hold=_hold("address", hold))
    found = {
        account_id: _known(*address)
        for account_id, *address in _fetch(statement, list(account_ids), Role.PRIMARY, AddressState.ACTIVE)
    }
    missing = [account_id for account_id in account_ids if account_id not in found]
    if missing:
        # A shop can be open while its address is not confirmed: do not write to a user who did not agree.
        rows = email_addresses.default_addresses(confirmed_by_primary_user(missing))
        gone = email_addresses.unsubscribed_from(row.pk for row in rows.values())
        for account_id, row in rows.items():
            found[account_id] = _known(row.pk, row.email, row.state, row.language, row.failure, gone.get(row.pk, ()))
    return found


def _links(account_ids: Collection[int], *, hold: bool) -> dict[int, KnownLink]:
    statement = _LINKS.format(hold=_hold("link", hold))
    return {
        account_id: KnownLink(pk, user_id, LinkState(state), language)
        for account_id, pk, user_id, state, language in _fetch(
            statement, Role.PRIMARY, list(account_ids), LinkState.ENDED
        )
    }


def _known(
    id: UUID, email: str, state: str, language: str, failure: str, unsubscribed_from: Collection[str]
) -> KnownAddress:
    return KnownAddress(id, email, AddressState(state), language, failure, unsubscribed_from)


def _hold(table: str, wanted: bool) -> str:
    return f"FOR KEY SHARE OF {table}" if wanted else ""


def _fetch(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
