"""List the mail domains with the most suppressed addresses: when many sellers are affected, we may be the cause."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from . import explanations

MAX_DOMAINS = 200
_RESTING = "('failing', 'refused')"

_DOMAINS = f"""
WITH resting AS (
    SELECT lower(split_part(email, '@', 2)) AS domain, failure, account_id, state_since
    FROM notifications_address WHERE state IN {_RESTING}
), worst AS (
    SELECT domain, count(*) AS addresses, count(DISTINCT account_id) AS shops, min(state_since) AS since
    FROM resting GROUP BY domain ORDER BY count(*) DESC, domain LIMIT %(most)s
)
SELECT worst.domain, worst.addresses, worst.shops, worst.since, resting.failure, count(*)
FROM worst JOIN resting ON resting.domain = worst.domain
GROUP BY 1, 2, 3, 4, 5 ORDER BY 2 DESC, 1, 6 DESC
"""  # noqa: S608  (our own words)


class Count(NamedTuple):
    """The number of addresses that fail for one reason."""

    reason: str
    addresses: int


@dataclass(frozen=True, slots=True)
class Domain:
    """A mail domain with suppressed addresses."""

    name: str
    addresses: int
    shops: int
    since: datetime
    reasons: list[Count] = field(default_factory=list)
    """Reasons as sentences, the most frequent first."""


def worst() -> list[Domain]:
    """Return the domains with the most suppressed addresses, the worst first, up to MAX_DOMAINS."""
    found: dict[str, Domain] = {}
    with connection.cursor() as cursor:
        cursor.execute(_DOMAINS, {"most": MAX_DOMAINS})
        for name, addresses, shops, since, failure, count in cursor:
            domain = found.setdefault(name, Domain(name, addresses, shops, since))
            domain.reasons.append(Count(explanations.reason(failure), count))
    return list(found.values())
