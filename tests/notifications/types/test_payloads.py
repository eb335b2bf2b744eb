"""The data of events: what is read, what is refused and what follows from it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.types.definitions import TYPES
from notifications.types.enums import Reason
from notifications.types.payloads import PAYLOADS, PayloadError, read
from notifications.types.payloads.errors import FALLBACK
from notifications.types.payloads.samples import SAMPLES


def sample(key: str, **changes: object) -> dict[str, Any]:
    return {**SAMPLES[key], **changes}


def item(**changes: object) -> dict[str, Any]:
    return {"title": "湯呑み", "sku": "HC-1", "quantity": 1, **changes}


def errors(key: str, data: Any) -> list[tuple[str, str]]:
    with pytest.raises(PayloadError) as refused:
        read(key, data)
    return [tuple(error) for error in refused.value.errors]


def test_the_tables_follow_the_catalogue() -> None:
    assert list(PAYLOADS) == list(TYPES)
    assert list(SAMPLES) == list(TYPES)


@pytest.mark.parametrize("key", list(TYPES))
def test_a_sample_that_came_as_json_is_worth_telling(key: str) -> None:
    payload = read(key, json.loads(json.dumps(SAMPLES[key])))

    assert payload.verdict() is None
    assert payload.line_verdict() is None


@pytest.mark.parametrize(
    ("key", "changes", "reason"),
    [
        ("order_confirmed", {"status": "confirmed"}, None),
        ("order_confirmed", {"status": "unshipped"}, None),
        ("order_confirmed", {"status": "pending"}, Reason.ORDER_NOT_CONFIRMED),
        ("order_confirmed", {"status": "cancelled"}, Reason.ORDER_NOT_CONFIRMED),
        ("late_shipment_rate", {"rate": 4}, Reason.WITHIN_REQUIREMENT),
        ("late_shipment_rate", {"rate": 4.0}, Reason.WITHIN_REQUIREMENT),
        ("late_shipment_rate", {"rate": "4.0000"}, Reason.WITHIN_REQUIREMENT),
        ("late_shipment_rate", {"rate": 4.0001}, None),
        ("late_shipment_rate", {"rate": 4.1}, None),
        ("valid_tracking_rate", {"rate": 95}, Reason.WITHIN_REQUIREMENT),
        ("valid_tracking_rate", {"rate": 95.1}, Reason.WITHIN_REQUIREMENT),
        ("valid_tracking_rate", {"rate": 94.9999}, None),
        ("coach_recommendations", {"recommendations": []}, Reason.NOTHING_TO_TELL),
        ("out_of_stock_weekly", {"products": []}, Reason.NOTHING_TO_TELL),
    ],
)
def test_whether_it_is_worth_telling(key: str, changes: dict[str, object], reason: Reason | None) -> None:
    assert read(key, sample(key, **changes)).verdict() is reason


@pytest.mark.parametrize("key", ["listing_suspended", "listing_at_risk"])
@pytest.mark.parametrize(
    ("sales", "reason"),
    [(0, Reason.BELOW_THRESHOLD), (299.99, Reason.BELOW_THRESHOLD), (300, None), ("300.00", None), (1000, None)],
)
def test_line_speaks_of_a_listing_from_300_dollars(key: str, sales: object, reason: Reason | None) -> None:
    payload = read(key, sample(key, sales_28d_usd=sales))

    assert payload.line_verdict() is reason
    assert payload.verdict() is None


@pytest.mark.parametrize(
    ("key", "references"),
    [
        ("order_confirmed", ("503-1946025-7718203", "HC-YUNOMI-02", "HC-MAMEZARA-11")),
        ("fba_inbound_shipment", ("FBA15K7N2PQX",)),
        ("claim_opened", ("250-6617340-9925508", "CLM-20261121-0048")),
        ("report_sold_listings", ("RPT-SOLD-20261201",)),
        ("coach_recommendations", ("HC-YUNOMI-02", "HC-MUG-05")),
        ("listing_suspended", ("HC-DONABE-01",)),
        ("business_update", ()),
    ],
)
def test_what_a_seller_may_search_for(key: str, references: tuple[str, ...]) -> None:
    assert read(key, SAMPLES[key]).references() == references


def test_a_sku_in_two_lines_of_an_order_is_one_reference() -> None:
    order = read("order_confirmed", sample("order_confirmed", items=[item(), item(quantity=2)]))

    assert order.references() == ("503-1946025-7718203", "HC-1")


def test_only_orders_are_told_once() -> None:
    keys = {key: read(key, data).once_key() for key, data in SAMPLES.items()}

    assert {key: once for key, once in keys.items() if once} == {
        "order_confirmed": "503-1946025-7718203",
        "fba_order_confirmed": "249-8830157-4402916",
    }


@pytest.mark.parametrize("key", list(TYPES))
def test_every_field_that_is_needed_is_asked_for(key: str) -> None:
    needed = [
        (f"data.{field.alias or name}", "This field is required.")
        for name, field in PAYLOADS[key].model_fields.items()
        if field.is_required()
    ]

    # A suspension may be all that its source knows.
    assert (errors(key, {}) if needed else []) == needed


@pytest.mark.parametrize("key", list(TYPES))
def test_a_field_that_nobody_asked_for_is_refused(key: str) -> None:
    assert errors(key, sample(key, colour="red")) == [("data.colour", "This type has no such field.")]


_DEADLINE = "This is neither a date nor a time with its offset, like 2026-11-21T18:30:00+09:00."


@pytest.mark.parametrize(
    ("key", "changes", "field", "sentence"),
    [
        ("return_requested", {"items": []}, "data.items", "This list needs at least 1."),
        ("order_confirmed", {"items": [item()] * 101}, "data.items", "This list holds more than 100."),
        ("order_confirmed", {"items": "湯呑み"}, "data.items", "This is not a list."),
        ("order_confirmed", {"items": ["湯呑み"]}, "data.items[0]", "This is not an object."),
        ("order_confirmed", {"items": [item(sku=" ")]}, "data.items[0].sku", "This text is empty."),
        ("order_confirmed", {"items": [item(sku=7)]}, "data.items[0].sku", "This is not a text."),
        (
            "order_confirmed",
            {"items": [item(), item(title="器" * 301)]},
            "data.items[1].title",
            "This text is longer than 300 characters.",
        ),
        (
            "order_confirmed",
            {"items": [item(title="湯呑み\r\nBcc: all@example.jp")]},
            "data.items[0].title",
            "This text holds characters that are not allowed here.",
        ),
        ("order_confirmed", {"items": [item(quantity=0)]}, "data.items[0].quantity", "This is less than 1."),
        (
            "order_confirmed",
            {"items": [item(quantity=True)]},
            "data.items[0].quantity",
            "This is not a whole number.",
        ),
        (
            "order_confirmed",
            {"items": [item(quantity=1.5)]},
            "data.items[0].quantity",
            "This is not a whole number.",
        ),
        ("order_confirmed", {"items": [item(price="viel")]}, "data.items[0].price", "This is not a number."),
        ("order_confirmed", {"items": [item(price=-1)]}, "data.items[0].price", "This is less than 0."),
        (
            "order_confirmed",
            {"items": [item(price=12.5)]},
            "data.items[0]",
            "JPY has no smaller unit: give a whole amount or the right currency.",
        ),
        (
            "order_confirmed",
            {"items": [item(price=12.5, currency="YEN")]},
            "data.items[0].currency",
            "This is not a currency that we know, like JPY or USD (ISO 4217).",
        ),
        (
            "order_confirmed",
            {"status": "paid"},
            "data.status",
            "This is none of 'pending', 'confirmed', 'unshipped' or 'cancelled'.",
        ),
        ("order_confirmed", {"ship_by": "2026-11-24T18:30:00"}, "data.ship_by", _DEADLINE),
        ("order_confirmed", {"ship_by": "tomorrow"}, "data.ship_by", _DEADLINE),
        ("order_confirmed", {"ship_by": 1790000000}, "data.ship_by", _DEADLINE),
        ("order_confirmed", {"ship_by": "0001-01-01T00:00:00+00:00"}, "data.ship_by", _DEADLINE),
        (
            "order_confirmed",
            {"order_id": "503 1946025"},
            "data.order_id",
            "This text holds characters that are not allowed here.",
        ),
        ("order_confirmed", {"order_id": "\ud800"}, "data.order_id", "This text is not valid Unicode."),
        (
            "report_open_listings",
            {"period": {"from": "2026-11-30", "to": "2026-11-01"}},
            "data.period",
            "The period ends before it starts.",
        ),
        (
            "report_open_listings",
            {"period": {"from": "2026-11-01", "to": "2026-11-31"}},
            "data.period.to",
            "This is not a date, like 2026-11-21.",
        ),
        (
            "report_open_listings",
            {"url": "http://reports.example/1"},
            "data.url",
            "This is not an https address of 1,000 characters at the most.",
        ),
        (
            "report_open_listings",
            {"url": "https://user:secret@reports.example/1"},
            "data.url",
            "This is not an https address of 1,000 characters at the most.",
        ),
        ("late_shipment_rate", {"rate": 100.5}, "data.rate", "This is more than 100."),
        ("late_shipment_rate", {"rate": "NaN"}, "data.rate", "This is not a number."),
        ("late_shipment_rate", {"rate": True}, "data.rate", "This is not a number."),
        ("late_shipment_rate", {"rate": "1_0"}, "data.rate", "This is not a number."),
        ("late_shipment_rate", {"rate": "４.２"}, "data.rate", "This is not a number."),
        ("late_shipment_rate", {"rate": "٤"}, "data.rate", "This is not a number."),
        ("disbursement_failed", {"amount": "1_000"}, "data.amount", "This is not a number."),
        ("disbursement_failed", {"amount": "１０００"}, "data.amount", "This is not a number."),
        (
            "late_shipment_rate",
            {"rate": "4.00001"},
            "data.rate",
            "This number has more than 4 digits after the point.",
        ),
        ("business_update", {"title": {"ja": "お知らせ"}}, "data.title.en", "This field is required."),
        ("business_update", {"title": "News"}, "data.title", "This is not an object."),
        (
            "technical_notice",
            {"ends_at": "2026-11-28T01:00:00+09:00"},
            "data",
            "It ends before it starts.",
        ),
        ("technical_notice", {"starts_at": None}, "data", "It has an end and no start."),
        (
            "emergency_notice",
            {"region": {"ja": "九州"}},
            "data.region",
            "This is neither a text nor a text in ja and en, of 300 characters at the most.",
        ),
        (
            "health_contact",
            {"contact_from": ""},
            "data.contact_from",
            "This is neither a date, nor a time, nor a text of 500 characters at the most.",
        ),
    ],
)
def test_what_is_refused_and_where(key: str, changes: dict[str, object], field: str, sentence: str) -> None:
    assert errors(key, sample(key, **changes)) == [(field, sentence)]


def test_all_faults_are_named_at_once() -> None:
    found = errors("order_confirmed", sample("order_confirmed", items=[item(sku="", quantity=0)], status="paid"))

    assert [field for field, _ in found] == ["data.items[0].sku", "data.items[0].quantity", "data.status"]


def test_no_more_than_twenty_faults_are_named() -> None:
    assert len(errors("order_confirmed", sample("order_confirmed", items=[item(sku="")] * 50))) == 20


def test_data_that_are_no_object_are_refused() -> None:
    assert errors("order_confirmed", ["order"]) == [("data", "This is not an object.")]


def test_an_unknown_type_is_refused() -> None:
    assert errors("birthday", {}) == [("type", "There is no such type.")]


@pytest.mark.parametrize("ship_by", ["2026-11-24", "2026-11-24T14:59:00Z", "2026-11-24T23:59:00+09:00"])
def test_a_deadline_is_a_day_or_a_moment(ship_by: str) -> None:
    order: Any = read("order_confirmed", sample("order_confirmed", ship_by=ship_by))

    assert order.ship_by.isoformat() == ship_by.replace("Z", "+00:00")


@pytest.mark.parametrize("key", list(TYPES))
def test_the_fields_can_be_documented(key: str) -> None:
    schema = PAYLOADS[key].model_json_schema()

    assert list(schema["properties"]) == [field.alias or name for name, field in PAYLOADS[key].model_fields.items()]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_whatever_comes_every_fault_has_a_sentence_of_ours(data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(list(TYPES)))
    fields = data.draw(st.sets(st.sampled_from(list(SAMPLES[key])), min_size=1))
    changed = sample(key, **{field: data.draw(_JSON) for field in fields})

    try:
        read(key, changed)
    except PayloadError as refused:
        found = [error.sentence for error in refused.errors]
        assert FALLBACK not in found
        assert [sentence for sentence in found if not sentence.endswith(".") or "pydantic" in sentence] == []
