"""Gauges of the channels: whether one is paused, and LINE's message quota."""

from collections.abc import Iterator

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from notifications import line_bot
from notifications.queue import channel_pause
from notifications.types.enums import Channel, PauseReason


def families() -> Iterator[Metric]:
    """Yield the pauses by reason, and LINE's quota as last read from LINE."""
    paused = GaugeMetricFamily(
        "sellerhub_channel_paused", "1 while nothing is sent by this channel.", labels=("channel", "reason")
    )
    for channel in Channel:
        pause = channel_pause.current(channel)
        for reason in PauseReason:
            is_why = pause is not None and pause.reason == reason
            paused.add_metric((channel.value, reason.value), int(is_why))
    yield paused

    limit = GaugeMetricFamily(
        "sellerhub_line_quota_messages", "Messages of this month that LINE allows; absent without a limit."
    )
    used = GaugeMetricFamily("sellerhub_line_used_messages", "Messages of this month that LINE counts as used.")
    if quota := line_bot.known_quota():
        if quota.limit is not None:
            limit.add_metric((), quota.limit)
        used.add_metric((), quota.used)
    yield from (limit, used)
