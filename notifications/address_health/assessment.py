"""Decide from delivery events whether an address is active or suppressed. Pure functions; the clock is passed in.

The state depends on the events alone, each dated by when its mail was sent. So the order in which events arrive does
not matter, a repeated event changes nothing, and a late bounce counts before a repair made in between.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from ..types.enums import AddressState, BounceKind, BounceReason

GONE = frozenset({BounceReason.UNKNOWN_USER, BounceReason.HOST_UNKNOWN, BounceReason.SUSPENDED})
"""Permanent: retries cannot help, a person must repair the address."""
PASSING = frozenset({BounceReason.MAILBOX_FULL, BounceReason.EXPIRED})
"""May end by themselves: one held notification probes the address after each of `PROBE_AFTER`."""
OFTEN_OUR_FAULT = frozenset({BounceReason.BLOCKED_BY_PROVIDER, BounceReason.OTHER})
"""Suppress the address only after `STRIKES` of them within `STRIKE_WINDOW` with no success between."""
PROBE_AFTER = (timedelta(days=1), timedelta(days=2), timedelta(days=4), timedelta(days=7))
STRIKES = 3
STRIKE_WINDOW = timedelta(days=7)
PROVEN_AFTER = timedelta(minutes=10)
"""A server may still bounce a mail that it accepted: acceptance is proof only after this time."""
SAME_TRY = timedelta(hours=1)
"""An attempt is recorded at most this long after it was sent; the next attempt of the delivery comes later."""

COMPLAINT = "complaint"
"""The reason for which an address is REFUSED: a spam complaint."""


@dataclass(frozen=True, slots=True)
class DeliveryEvent:
    """One bounce, complaint or delivery report about one mail to the address."""

    sent_at: datetime
    """When the mail was sent, or should have been."""
    kind: BounceKind
    reason: str = ""
    permanent: bool = False
    text: str = ""
    delivery_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AddressHealth:
    """The state of an address that follows from its events."""

    state: AddressState = AddressState.ACTIVE
    cause: str = ""
    """A BounceReason, or COMPLAINT."""
    answer: str = ""
    """The provider's response in the newest event that counts."""
    since: datetime | None = None
    """When the mail was sent whose failure suppressed it."""
    next_try_at: datetime | None = None
    missed: frozenset[UUID] = frozenset()
    """Deliveries that did not arrive according to these events."""


def assess(
    news: Iterable[DeliveryEvent], *, trusted_since: datetime, successes: Collection[datetime], now: datetime
) -> AddressHealth:
    """Return the state of an address at the time `now`.

    `trusted_since`: when it was last confirmed or repaired; events of older mail are ignored. `successes`: when mails
    were sent that a server accepted and did not bounce.
    """
    counting = sorted(
        (one for one in news if one.sent_at >= trusted_since),
        key=lambda one: (one.sent_at, one.kind, one.reason, one.text),
    )
    failed = [one for one in counting if one.kind == BounceKind.BOUNCE and one.permanent]
    delivered = _delivered(counting, failed)
    if delivered is not None:
        failed = [one for one in failed if one.sent_at > delivered]
    proven = [at for at in successes if at >= trusted_since and at <= now - PROVEN_AFTER]
    judgement = _gone(failed) or _passing(failed, proven) or _struck(failed, proven)
    if judgement is None:
        return _refused(counting) or AddressHealth()
    return replace(judgement, missed=_missed(failed, judgement))


def _delivered(counting: Sequence[DeliveryEvent], failed: Sequence[DeliveryEvent]) -> datetime | None:
    """Return when the newest mail reported as delivered was sent; one that bounced after that does not count."""
    arrived = (
        one.sent_at
        for one in counting
        if one.kind == BounceKind.DELIVERED and not any(_is_of_the_same_try(one, each) for each in failed)
    )
    return max(arrived, default=None)


def _missed(failed: Sequence[DeliveryEvent], judgement: AddressHealth) -> frozenset[UUID]:
    """Return the deliveries that bounced around the time of suppression, for any reason: none of them arrived."""
    if judgement.since is None:
        return frozenset()
    from_then = judgement.since - STRIKE_WINDOW
    return frozenset(
        one.delivery_id
        for one in failed
        if one.delivery_id is not None and one.sent_at >= from_then and one.reason != BounceReason.MESSAGE_TOO_BIG
    )


def _gone(failed: Sequence[DeliveryEvent]) -> AddressHealth | None:
    return _failing([one for one in failed if one.reason in GONE])


def _passing(failed: Sequence[DeliveryEvent], proven: Collection[datetime]) -> AddressHealth | None:
    """Follow the failures from probe to probe; a probe that was accepted ends the suppression.

    A probe that is refused for another reason has failed as well.
    """
    counting: list[DeliveryEvent] = []
    next_try: datetime | None = None
    probes = 0
    for one in failed:
        if one.reason not in PASSING and (next_try is None or one.sent_at < next_try):
            continue
        if counting and next_try is not None and any(next_try <= at < one.sent_at for at in proven):
            counting, next_try, probes = [], None, 0
        if not counting and one.reason not in PASSING:
            continue
        if not counting:
            next_try = one.sent_at + PROBE_AFTER[0]
        elif next_try is not None and one.sent_at >= next_try:
            probes += 1
            next_try = one.sent_at + PROBE_AFTER[probes] if probes < len(PROBE_AFTER) else None
        counting.append(one)
    if next_try is not None and any(at >= next_try for at in proven):
        return None
    return _failing([one for one in counting if one.reason in PASSING], next_try_at=next_try)


def _struck(failed: Sequence[DeliveryEvent], proven: Collection[datetime]) -> AddressHealth | None:
    strikes: list[DeliveryEvent] = []
    for one in (one for one in failed if one.reason in OFTEN_OUR_FAULT):
        if not any(_is_of_the_same_try(one, before) for before in strikes):
            strikes.append(one)
    for first, last in zip(strikes, strikes[STRIKES - 1 :], strict=False):
        within = last.sent_at - first.sent_at <= STRIKE_WINDOW
        if within and not any(first.sent_at < at < last.sent_at for at in proven):
            return _failing([one for one in strikes if one.sent_at >= first.sent_at])
    return None


def _is_of_the_same_try(one: DeliveryEvent, before: DeliveryEvent) -> bool:
    """Return whether both events are about one attempt, which the server and the provider may both report."""
    if one.delivery_id is None or before.delivery_id is None:
        return one.sent_at == before.sent_at
    return one.delivery_id == before.delivery_id and abs(one.sent_at - before.sent_at) <= SAME_TRY


def _refused(counting: Sequence[DeliveryEvent]) -> AddressHealth | None:
    complaints = [one for one in counting if one.kind == BounceKind.COMPLAINT]
    if not complaints:
        return None
    return AddressHealth(AddressState.REFUSED, COMPLAINT, complaints[-1].text, complaints[0].sent_at)


def _failing(counting: Sequence[DeliveryEvent], *, next_try_at: datetime | None = None) -> AddressHealth | None:
    if not counting:
        return None
    newest = counting[-1]
    return AddressHealth(
        AddressState.FAILING,
        newest.reason,
        newest.text,
        counting[0].sent_at,
        next_try_at,
    )
