"""Every alert asks for metrics that there are, and somebody who is woken finds its chapter."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from notifications.operations import metrics
from tests.notifications.operations.metrics.reading import families

DOCS = Path(__file__).resolve().parents[1] / "docs"
RULES: list[dict[str, Any]] = yaml.safe_load((DOCS / "alerts.yml").read_text())["groups"][0]["rules"]
METRIC = re.compile(r"(sellerhub_\w+)(?:\{([^}]*)\})?")
LABEL = re.compile(r'(\w+)(?:=~|!=|=)"([^"]*)"')


@pytest.fixture
def shown(db: None) -> dict[str, tuple[str, ...]]:
    """The name of each sample that Prometheus can store, with the labels of its family."""
    from notifications.operations.metrics.page import _REGISTRY

    names = {}
    for family in _REGISTRY.collect():
        suffix = "_total" if family.type == "counter" else ""
        names[family.name + suffix] = tuple(family._labelnames)
    return names


def test_alerts_ask_for_metrics_and_labels_that_there_are(shown):
    for rule in RULES:
        asked = METRIC.findall(rule["expr"])
        assert asked, rule["alert"]
        for name, selector in asked:
            assert name in shown, rule["alert"]
            assert {label for label, _value in LABEL.findall(selector)} <= set(shown[name]), rule["alert"]


def test_alerts_ask_for_values_that_there_are(db):
    values = {
        (family.name, label, value)
        for family in families()
        for sample in family.samples
        for label, value in sample.labels.items()
    }
    gauges = {family.name for family in families() if family.type == "gauge" and family.samples}
    for rule in RULES:
        for name, selector in METRIC.findall(rule["expr"]):
            for label, wanted in LABEL.findall(selector):
                known = {value for family, key, value in values if (family, key) == (name, label)}
                if name in gauges and label != "part":
                    assert set(wanted.split("|")) <= known, rule["alert"]


def test_each_alert_says_how_urgent_it_is_and_has_a_chapter():
    chapters = re.findall(r"^## (\w+)$", (DOCS / "runbook.md").read_text(), re.MULTILINE)

    assert chapters == [rule["alert"] for rule in RULES]
    assert {rule["labels"]["severity"] for rule in RULES} == {"wake", "day"}
    assert all(rule["annotations"]["summary"].endswith((".", "?")) for rule in RULES)


def test_each_metric_is_explained_with_its_labels(shown):
    rows = re.findall(r"^\| `(sellerhub_\w+)` \| (.*?) \|", (DOCS / "watching.md").read_text(), re.MULTILINE)

    explained = {name: tuple(re.findall(r"`(\w+)`", labels)) for name, labels in rows}
    assert explained == shown


def test_the_page_is_of_the_version_that_prometheus_is_told():
    assert "version=0.0.4" in metrics.CONTENT_TYPE
