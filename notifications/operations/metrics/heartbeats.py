"""Gauges of heartbeats and of the process's start time."""

import time
from collections.abc import Iterator

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from notifications.models import Heartbeat

_STARTED_AT = time.time()


def families() -> Iterator[Metric]:
    """Yield the last heartbeats (beat, broker and worker), and the start time of this web process."""
    beats = GaugeMetricFamily(
        "sellerhub_heartbeat_timestamp_seconds", "When a part of the background was last alive.", labels=("part",)
    )
    for name, at in Heartbeat.objects.order_by("name").values_list("name", "at")[:50]:
        beats.add_metric((name,), at.timestamp())
    yield beats
    yield GaugeMetricFamily(
        "sellerhub_process_start_time_seconds", "When the process that answers was started.", value=_STARTED_AT
    )
