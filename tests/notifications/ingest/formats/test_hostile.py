"""Whatever comes is answered: no bytes and no values bring the door down."""

import json
from typing import Any

import pytest
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notifications.ingest.messages.intake import receive
from notifications.ingest.messages.receipts import Receipt
from notifications.models import Source
from tests.waiting import ONE_FIXTURE_FOR_ALL_EXAMPLES

from .spapi.conftest import november, partner
from .spapi.partner import SAMPLES

__all__ = ["november", "partner"]

often = settings(max_examples=80, suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES)
names = [path.stem for path in sorted(SAMPLES.glob("*.json"))]
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["", "\x00", "\ud800", "9" * 5000, 10**400, -1, 1e308, "a" * 301, "A1HANAKOSHOP01"])
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
)


def knock(source: Source, body: bytes) -> list[Receipt]:
    with transaction.atomic():
        receipts = receive(source, body, way="http")
        transaction.set_rollback(True)
    return receipts


@often
@given(body=st.binary(max_size=300))
@example(body=b"\x00")
@example(body=b'"\\ud800"')
@example(body=b"1e999")
@example(body=b"9" * 5000)
@example(body=b"[" * 50_000)
@example(body=b'{"NotificationType": {}}')
@example(body=b'{"NotificationType": "ORDER_CHANGE"}')
@example(body=b'{"NotificationType": "ORDER_CHANGE", "NotificationMetadata": 7, "Payload": {}}')
@example(body=b'{"Messages": [{"Body": "\\u0000"}, {"Body": null}, {"body": ["x"]}]}')
@example(body=b'{"payouts": [[], 7, {"id": 1}]}')
@example(body=b'{"performanceMetrics": "x", "sellerId": "A1HANAKOSHOP01"}')
def test_any_bytes_are_answered(partner: Source, body: bytes) -> None:
    assert {one.outcome.value for one in knock(partner, body)} <= {"parked", "ignored", "repeated"}


@often
@given(value=values)
def test_any_value_is_answered(partner: Source, value: Any) -> None:
    body = json.dumps(value).encode()

    assert {one.outcome.value for one in knock(partner, body)} <= {"parked", "ignored", "repeated"}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [path, *(found for name, inner in value.items() for found in places(inner, (*path, name)))]
    if isinstance(value, list):
        return [path, *(found for place, inner in enumerate(value) for found in places(inner, (*path, place)))]
    return [path]


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = put(value[path[0]], path[1:], new)
    return copy


@often
@given(data=st.data())
@pytest.mark.parametrize("name", names)
def test_any_value_in_any_place_of_a_message_is_our_own_fault_nowhere(
    partner: Source, name: str, data: st.DataObject
) -> None:
    message = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    place = data.draw(st.sampled_from(places(message)))
    body = json.dumps(put(message, place, data.draw(values))).encode()

    receipts = knock(partner, body)

    assert "failed" not in {one.reason for one in receipts}
