"""What the door refuses, and in which words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.ingest.pipeline import Event, Rejected, read
from notifications.ingest.pipeline.events import NO_SUCH_SELLER, CheckedEvent, check
from notifications.types.definitions import TYPES
from notifications.types.payloads.samples import SAMPLES

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
RAW = {
    "id": "listing-1",
    "seller": "7KQ2M9XWTB4HNC",
    "type": "listing_created",
    "occurred_at": "2026-11-21T18:00:00+09:00",
    "data": SAMPLES["listing_created"],
}
EVENT = Event("listing-1", "7KQ2M9XWTB4HNC", "listing_created", NOW, SAMPLES["listing_created"])


def changed(**fields: Any) -> Event:
    return Event(**{name: fields.get(name, getattr(EVENT, name)) for name in Event.__slots__})


def test_an_event_is_read() -> None:
    assert read(RAW) == Event(
        "listing-1",
        "7KQ2M9XWTB4HNC",
        "listing_created",
        datetime.fromisoformat("2026-11-21T18:00:00+09:00"),
        SAMPLES["listing_created"],
    )


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        ("text", Rejected("", "This is not an object.")),
        (None, Rejected("", "This is not an object.")),
        ({}, Rejected("id", "This field is required.")),
        (RAW | {"note": "x"}, Rejected("note", "An event has no such field.")),
        (RAW | {"n" * 5000: "x"}, Rejected("n" * 64, "An event has no such field.")),
        (RAW | {"id": 7}, Rejected("id", "This is not a text.")),
        (RAW | {"seller": None}, Rejected("seller", "This is not a text.")),
        (RAW | {"type": ["order_confirmed"]}, Rejected("type", "This is not a text.")),
        (RAW | {"data": []}, Rejected("data", "This is not an object.")),
        (
            RAW | {"occurred_at": "yesterday"},
            Rejected("occurred_at", "This is not a time with its offset, like 2026-11-21T18:30:00+09:00."),
        ),
    ],
)
def test_what_is_no_event_names_the_field(raw: object, refusal: Rejected) -> None:
    assert read(raw) == refusal


def test_a_checked_event_knows_what_follows_from_its_data() -> None:
    event = changed(type="order_confirmed", data=SAMPLES["order_confirmed"] | {"status": "pending"})

    checked = check(event, now=NOW)

    assert isinstance(checked, CheckedEvent)
    assert checked.references == "503-1946025-7718203\nhc-yunomi-02\nhc-mamezara-11"
    assert checked.once_key == "503-1946025-7718203"
    assert checked.verdict == "order_not_confirmed"


def test_references_are_kept_in_the_form_that_is_searched_for() -> None:
    event = changed(type="listing_created", data={"sku": "ＨＣ－Mug", "title": "湯呑み"})

    checked = check(event, now=NOW)

    assert isinstance(checked, CheckedEvent)
    assert checked.references == "hc-mug"


@pytest.mark.parametrize(
    ("event", "refusal"),
    [
        (changed(key=""), Rejected("id", "An id has 1 to 200 printable characters.")),
        (changed(key="x" * 201), Rejected("id", "An id has 1 to 200 printable characters.")),
        (changed(key="a\x00b"), Rejected("id", "An id has 1 to 200 printable characters.")),
        (changed(key="\ud800"), Rejected("id", "An id has 1 to 200 printable characters.")),
        (changed(seller="x" * 33), Rejected("seller", NO_SUCH_SELLER)),
        (changed(seller="\x00"), Rejected("seller", NO_SUCH_SELLER)),
        (changed(type="order"), Rejected("type", "There is no such type.")),
        (
            changed(occurred_at=NOW.replace(tzinfo=None)),
            Rejected("occurred_at", "This is not a time with its offset, like 2026-11-21T18:30:00+09:00."),
        ),
        (
            changed(occurred_at=NOW + timedelta(minutes=5, seconds=1)),
            Rejected("occurred_at", "This lies more than 5 minutes in the future."),
        ),
        (
            changed(occurred_at=NOW - timedelta(days=400, seconds=1)),
            Rejected("occurred_at", "This lies more than 400 days in the past."),
        ),
        (changed(data={"title": "湯呑み"}), Rejected("data.sku", "This field is required.")),
        (
            changed(data={"sku": "HC-1", "title": "a\x00"}).__class__(
                "k", "S", "listing_created", NOW, {"sku": "HC-1", "title": "a\x00"}
            ),
            Rejected("data.title", "This text holds characters that are not allowed here."),
        ),
    ],
)
def test_a_bad_event_is_refused_with_a_sentence(event: Event, refusal: Rejected) -> None:
    assert check(event, now=NOW) == refusal


@pytest.mark.parametrize("edge", [timedelta(minutes=5), -timedelta(days=400)])
def test_the_edges_of_time_belong_to_it(edge: timedelta) -> None:
    assert isinstance(check(changed(occurred_at=NOW + edge), now=NOW), CheckedEvent)


@pytest.mark.parametrize("type_key", TYPES)
def test_every_sample_fits(type_key: str) -> None:
    assert isinstance(check(changed(type=type_key, data=SAMPLES[type_key]), now=NOW), CheckedEvent)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.fixed_dictionaries(
        {
            "id": json_values,
            "seller": json_values,
            "type": st.sampled_from(list(TYPES)) | json_values,
            "occurred_at": st.datetimes(timezones=st.timezones()).map(datetime.isoformat) | json_values,
            "data": st.dictionaries(st.sampled_from(["sku", "title", "items", "order_id"]) | st.text(), json_values),
        }
    )
    | json_values
)
def test_no_json_value_breaks_the_door(raw: object) -> None:
    event = read(raw)

    if isinstance(event, Event):
        check(event, now=NOW)
