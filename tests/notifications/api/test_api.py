"""The HTTP door: who may knock, what is too much, and what the answers look like."""

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import SellerAccount, User
from notifications.api.payload_fields import FieldLine, fields_of
from notifications.api.rejections import refuse
from notifications.ingest.api_keys import OVERLAP, add_source, revoke, rotate_key, source_of
from notifications.ingest.pipeline import MAX_EVENTS
from notifications.models import Attempt, Delivery, Notification, Source, SourceKey
from notifications.types.definitions import TYPES
from notifications.types.enums import SourceKind
from notifications.types.payloads import PAYLOADS
from notifications.types.payloads.samples import SAMPLES

EVENTS = "/api/v1/events"


class Door:
    """A source's client."""

    def __init__(self, client: Client, key: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {key}"}

    def post(self, body: object) -> HttpResponse:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return self._client.post(EVENTS, text, content_type="application/json", headers=self._headers)

    def get(self, notification_id: object) -> HttpResponse:
        return self._client.get(f"/api/v1/notifications/{notification_id}", headers=self._headers)


@pytest.fixture
def marketplace(db: None) -> tuple[Source, str]:
    return add_source("Marketplace")


@pytest.fixture
def door(marketplace: tuple[Source, str]) -> Door:
    return Door(Client(enforce_csrf_checks=True), marketplace[1])


def event(seller: SellerAccount, type_key: str = "claim_opened", **fields: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "seller": seller.public_id,
        "type": type_key,
        "occurred_at": timezone.now().isoformat(),
        "data": SAMPLES[type_key],
    } | fields


def test_each_event_has_its_result_in_order(shop: SellerAccount, hanako: User, door: Door) -> None:
    good = event(shop)

    answer = door.post({"events": [good, good, event(shop, data={}), event(shop, note=1), 7]})

    row = Notification.objects.get()
    assert answer.status_code == 200
    assert answer.json() == {
        "results": [
            {"status": "accepted", "id": str(row.pk)},
            {"status": "duplicate", "id": str(row.pk)},
            {"status": "refused", "field": "data.order_id", "message": "This field is required."},
            {"status": "refused", "field": "note", "message": "An event has no such field."},
            {"status": "refused", "field": "", "message": "This is not an object."},
        ]
    }
    assert row.event_id == good["id"]


def test_no_events_are_no_error(door: Door) -> None:
    assert door.post({"events": []}).json() == {"results": []}


def test_all_types_are_taken(shop: SellerAccount, hanako: User, door: Door) -> None:
    answer = door.post({"events": [event(shop, type_key) for type_key in SAMPLES]})

    assert [one["status"] for one in answer.json()["results"]] == ["accepted"] * 24


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"events": [NaN]}',
        b'{"events": [{"id": "\\ud800"}]}',
        b'{"events": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"[]",
        b"null",
        b"{}",
        b'{"events": {}}',
        b'{"events": [], "more": 1}',
    ],
)
def test_what_is_no_batch_is_a_bad_request(door: Door, body: bytes) -> None:
    answer = door.post(body)

    assert answer.status_code == 400
    assert set(answer.json()) == {"detail"}


def test_huge_numbers_and_deep_data_are_refused_alone(shop: SellerAccount, hanako: User, door: Door) -> None:
    huge = json.dumps(event(shop)).replace("5840", "9" * 4000)
    deep = json.dumps(event(shop, data={"claim_id": "deep"})).replace('"deep"', "[" * 100 + "]" * 100)

    answer = door.post(f'{{"events": [{huge}, {deep}, {json.dumps(event(shop))}]}}')

    assert [one["status"] for one in answer.json()["results"]] == ["refused", "refused", "accepted"]


def test_too_many_events_are_refused_as_a_whole(shop: SellerAccount, hanako: User, door: Door) -> None:
    answer = door.post({"events": [event(shop)] * (MAX_EVENTS + 1)})

    assert answer.status_code == 413
    assert answer.json() == {"detail": "A request may hold 1000 events, not 1001."}
    assert Notification.objects.count() == 0


def test_too_large_a_body_is_refused(door: Door) -> None:
    answer = door.post(b" " * (settings.EVENTS_BODY_BYTES + 1))

    assert answer.status_code == 413
    assert answer.json() == {"detail": "The body is larger than 5242880 bytes."}


def test_what_comes_after_a_refusal_is_read() -> None:
    """Or the client would find a closed connection instead of the answer."""
    body = b" " * (settings.EVENTS_BODY_BYTES + 1)
    request = RequestFactory().post(EVENTS, body, content_type="application/json")

    answer = refuse(request, 413, "Too much.")

    assert (answer.status_code, request.read()) == (413, b"")


@pytest.mark.parametrize(
    ("header", "challenge"),
    [
        (None, 'Bearer realm="SellerHub"'),
        ("Bearer", 'Bearer realm="SellerHub", error="invalid_token"'),
        ("Bearer shk_wrong", 'Bearer realm="SellerHub", error="invalid_token"'),
        ("Bearer shk_\x00é", 'Bearer realm="SellerHub", error="invalid_token"'),
        ("Basic c2hrX3dyb25nOg==", 'Bearer realm="SellerHub", error="invalid_token"'),
    ],
)
def test_only_a_key_opens_the_door(
    client: Client, marketplace: tuple[Source, str], header: str | None, challenge: str
) -> None:
    headers = {"Authorization": header} if header else {}

    answer = client.post(EVENTS, '{"events": []}', content_type="application/json", headers=headers)

    assert answer.status_code == 401
    assert answer.json() == {"detail": "This needs the key of an active source."}
    assert answer["WWW-Authenticate"] == challenge


def test_a_sign_in_opens_no_door(client: Client, omar: User) -> None:
    client.force_login(omar)

    assert client.post(EVENTS, '{"events": []}', content_type="application/json").status_code == 401


def test_a_source_switched_off_or_without_its_old_key_is_out(client: Client, marketplace: tuple[Source, str]) -> None:
    source, old = marketplace
    new = rotate_key(source, overlap=timedelta())
    with_old, with_new = Door(client, old).post({"events": []}), Door(client, new).post({"events": []})
    Source.objects.update(active=False)

    switched_off = Door(client, new).post({"events": []})

    assert [one.status_code for one in (with_old, with_new, switched_off)] == [401, 200, 401]


def test_after_a_rotation_both_keys_work_for_a_while(client: Client, marketplace: tuple[Source, str]) -> None:
    source, old = marketplace
    new = rotate_key(source)

    at_once = [Door(client, key).post({"events": []}).status_code for key in (old, new)]
    with time_machine.travel(timezone.now() + OVERLAP + timedelta(seconds=1)):
        later = [Door(client, key).post({"events": []}).status_code for key in (old, new)]

    assert (at_once, later) == ([200, 200], [401, 200])


def test_a_second_rotation_does_not_prolong_what_ends_already(marketplace: tuple[Source, str]) -> None:
    source, first = marketplace
    rotate_key(source, overlap=timedelta(hours=1))
    end = SourceKey.objects.order_by("pk")[0].ends_at

    rotate_key(source)

    assert SourceKey.objects.order_by("pk")[0].ends_at == end
    assert source_of(first) == source


def test_a_key_can_be_revoked_and_says_when_it_was_used(client: Client, marketplace: tuple[Source, str]) -> None:
    _source, key = marketplace
    before = SourceKey.objects.get().last_used_at
    Door(client, key).post({"events": []})
    used = SourceKey.objects.get()

    revoke(used)

    assert before is None
    assert used.last_used_at is not None
    assert Door(client, key).post({"events": []}).status_code == 401


def test_a_key_of_another_kind_of_source_opens_no_door(client: Client, db: None) -> None:
    _source, key = add_source("Selling partners", kind=SourceKind.SELLING_PARTNER)

    assert Door(client, key).post({"events": []}).status_code == 401


def test_the_key_itself_is_not_kept(marketplace: tuple[Source, str]) -> None:
    source, key = marketplace

    assert key.startswith("shk_")
    assert len(key) == 47
    kept = source.keys.get()
    assert len(kept.hash) == 64
    assert key not in kept.hash
    assert kept.hint == key[:8]


def test_a_source_sees_what_became_of_its_event(
    shop: SellerAccount, hanako: User, door: Door, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sent = event(shop, "account_at_risk")
    notification_id = door.post({"events": [sent]}).json()["results"][0]["id"]
    delivery = Delivery.objects.get()
    attempt = Attempt.objects.create(delivery=delivery, code=451, detail="4.3.2 Try again later")

    with django_assert_num_queries(5):
        answer = door.get(notification_id).json()

    row = Notification.objects.get()
    assert answer == {
        "id": str(row.pk),
        "event_id": sent["id"],
        "type": "account_at_risk",
        "seller": shop.public_id,
        "occurred_at": answer["occurred_at"],
        "accepted_at": answer["accepted_at"],
        "withheld": None,
        "decisions": [
            {"channel": "email", "recipient": "hanako@ok.test", "decision": "queued", "detail": {}},
            {"channel": "line", "recipient": "", "decision": "line_not_linked", "detail": {}},
        ],
        "deliveries": [
            {
                "id": str(delivery.pk),
                "channel": "email",
                "recipient": "hanako@ok.test",
                "language": "ja",
                "status": "queued",
                "tries": 0,
                "completed_at": None,
                "answer": "",
                "attempts": [
                    {
                        "at": answer["deliveries"][0]["attempts"][0]["at"],
                        "permanent": False,
                        "code": 451,
                        "detail": attempt.detail,
                    }
                ],
            }
        ],
    }


def test_what_was_withheld_says_why(other_shop: SellerAccount, mika: User, door: Door) -> None:
    sent = event(other_shop, "report_open_listings")
    notification_id = door.post({"events": [sent]}).json()["results"][0]["id"]

    answer = door.get(notification_id).json()

    assert (answer["withheld"], answer["deliveries"]) == ("not_in_plan", [])
    assert answer["decisions"] == [{"channel": "email", "recipient": "", "decision": "not_in_plan", "detail": {}}]


def test_another_source_sees_nothing(shop: SellerAccount, hanako: User, door: Door, client: Client) -> None:
    notification_id = door.post({"events": [event(shop)]}).json()["results"][0]["id"]
    _other, key = add_source("Warehouse")

    answers = [Door(client, key).get(one) for one in (notification_id, uuid4(), "x", "%00")]

    assert [one.status_code for one in answers] == [404] * 4
    assert answers[0].json() == {"detail": "Not Found"}


def test_the_page_for_developers_needs_no_script_and_nothing_from_outside(client: Client, db: None) -> None:
    page = client.get("/api/v1/docs")

    text = page.content.decode()
    assert page.status_code == 200
    assert [one for one in re.findall(r'(?:src|href)="([^"]*)"', text) if not one.startswith(("/", "#"))] == []
    assert re.findall(r"<script[^>]*>(.*?)</script>", text) == [""]
    assert re.findall(r'<details [^>]*id="(\w+)"', text) == list(TYPES)
    assert '<code class="text-break">items[].sku</code>: a text of up to 64 characters</li>' in text


def test_the_page_is_english_for_everybody(client: Client, hanako: User) -> None:
    client.force_login(hanako)

    page = client.get("/api/v1/docs", headers={"Accept-Language": "ja"})

    assert "Order notifications" in page.content.decode()


def test_fields_are_told_in_words() -> None:
    assert fields_of(PAYLOADS["valid_tracking_rate"]) == (
        FieldLine("rate", "a number from 0 to 100 or a text", True, "Percent: 4.2 means 4.2 %."),
        FieldLine("category", "a text of up to 300 characters", False, "Empty: all categories together."),
        FieldLine("period", "an object", True, "Whole days, both included."),
        FieldLine("period.from", "a date", True, ""),
        FieldLine("period.to", "a date", True, ""),
    )


def test_the_description_for_machines_is_whole(client: Client, db: None) -> None:
    schema = client.get("/api/v1/openapi.json").json()

    kinds = schema["paths"]["/api/v1/events"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert sorted(schema["paths"]) == [
        "/api/v1/events",
        "/api/v1/notifications/{notification_id}",
        "/api/v1/sources/cart",
        "/api/v1/sources/spapi",
    ]
    assert set(_references(schema)) <= {f"#/components/schemas/{name}" for name in schema["components"]["schemas"]}
    assert len(kinds["properties"]["events"]["items"]["oneOf"]) == 24


def _references(schema: Any) -> list[str]:
    if isinstance(schema, dict):
        own = [schema["$ref"]] if isinstance(schema.get("$ref"), str) else []
        return own + [one for value in schema.values() for one in _references(value)]
    if isinstance(schema, list):
        return [one for value in schema for one in _references(value)]
    return []
