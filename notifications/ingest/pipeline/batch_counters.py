"""Update the metric counters for one batch of events."""

from collections import Counter
from collections.abc import Iterable, Sequence

from notifications.queue import counters
from notifications.queue.counters import Count, Name
from notifications.recipients.routing import Routes
from notifications.types.enums import DeliveryStatus

from .statements import Candidate


def count(written: Sequence[Candidate], routed: Iterable[tuple[Candidate, Routes]]) -> None:
    """Count accepted notifications and routing decisions in one statement, in the batch's transaction."""
    counts = Counter(Count(Name.ACCEPTED, label=one.event.kind.key) for one in written)
    for _one, routes in routed:
        for road in routes.destinations:
            status = DeliveryStatus.HELD if road.held else DeliveryStatus.QUEUED
            counts[Count(Name.DECIDED, road.channel.value, status.value)] += 1
            if road.held:
                counts[Count(Name.HELD, road.channel.value, road.held)] += 1
        for refusal in routes.refusals:
            counts[Count(Name.DECIDED, refusal.channel.value, refusal.reason.value)] += 1
    counters.write(counts)
