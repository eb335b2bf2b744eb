"""Signs of life."""

import time
from collections.abc import Iterator

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from notifications.models import Heartbeat

_STARTED_AT = time.time()


def families() -> Iterator[Metric]:
    """When beat, broker and a worker last worked together, and since when this web process runs."""
    beats = GaugeMetricFamily(
        "sellerhub_heartbeat_timestamp_seconds", "When a part of the background was last alive.", labels=("part",)
    )
    for name, at in Heartbeat.objects.order_by("name").values_list("name", "at")[:50]:
        beats.add_metric((name,), at.timestamp())
    yield beats
    yield GaugeMetricFamily(
        "sellerhub_process_start_time_seconds", "When the process that answers was started.", value=_STARTED_AT
    )
