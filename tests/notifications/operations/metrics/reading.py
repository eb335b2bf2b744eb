"""The page of metrics as numbers."""

from django.core.cache import cache
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from notifications.operations import metrics

Sample = tuple[str, ...]


def families() -> list[Metric]:
    """Read anew."""
    cache.delete("notifications.operations.metrics.page")
    return list(text_string_to_metric_families(metrics.page().decode()))


def samples() -> dict[Sample, float]:
    """Each value by its name and the values of its labels, in the order in which they stand."""
    return {(one.name, *one.labels.values()): one.value for family in families() for one in family.samples}


def counted(name: str) -> dict[Sample, float]:
    """One counter without the zeros, by the values of its labels."""
    return {key[1:]: value for key, value in samples().items() if key[0] == name and value}
