"""`POST /api/v1/sources/spapi`: who may knock, what is too much, and what the answers look like."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from accounts.models import SellerAccount
from notifications.ingest.api_keys import add_source, issue_key
from notifications.models import Notification, Source, SourceMessage
from notifications.types.enums import SourceKind

from .spapi.conftest import november, partner
from .spapi.partner import sample

__all__ = ["november", "partner"]

DOOR = "/api/v1/sources/spapi"


def post(key: str, body: object) -> HttpResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body)
    client = Client(enforce_csrf_checks=True)
    return client.post(DOOR, raw, content_type="application/json", headers={"Authorization": f"Bearer {key}"})


@pytest.fixture
def key(partner: Source) -> str:
    return issue_key(partner)


def test_each_message_has_its_result_in_order(key: str) -> None:
    order, unknown = sample("order_change"), sample("order_change", id="2", SellerId="A1X", SubscriptionId="s")

    answer = post(key, {"Messages": [{"Body": json.dumps(one)} for one in (order, order, unknown)] + [{"Body": "x"}]})

    content = "sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    assert answer.status_code == 200
    assert answer.json() == {
        "results": [
            {
                "id": "ORDER_CHANGE:order-1",
                "type": "ORDER_CHANGE",
                "status": "accepted",
                "notifications": ["order_confirmed"],
            },
            {"id": "ORDER_CHANGE:order-1", "type": "ORDER_CHANGE", "status": "repeated", "notifications": []},
            {
                "id": "ORDER_CHANGE:2",
                "type": "ORDER_CHANGE",
                "status": "parked",
                "notifications": [],
                "reason": "unknown_seller",
                "detail": "Nobody here is seller A1X or subscription s.",
            },
            {
                "id": content,
                "type": "",
                "status": "parked",
                "notifications": [],
                "reason": "unreadable",
                "detail": "It is not JSON in UTF-8.",
            },
        ]
    }
    assert set(SourceMessage.objects.values_list("way", flat=True)) == {"http"}


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[]", b"null", b'{"Messages": 7}', b"[" * 100_000])
def test_no_content_is_an_error(key: str, body: bytes) -> None:
    answer = post(key, body)

    assert answer.status_code == 200
    assert {one["status"] for one in answer.json()["results"]} <= {"parked"}


def test_an_empty_body_is_no_request(key: str) -> None:
    answer = post(key, b"")

    assert (answer.status_code, answer.json()) == (400, {"detail": "The body is empty."})


def test_too_much_is_refused_as_a_whole(key: str) -> None:
    many = post(key, [1] * 1001)
    large = post(key, b" " * (settings.EVENTS_BODY_BYTES + 1))

    assert (many.status_code, many.json()["detail"]) == (413, "A body may hold 1000 messages at the most.")
    assert (large.status_code, large.json()["detail"]) == (413, "The body is larger than 5242880 bytes.")
    assert SourceMessage.objects.count() == 0


@pytest.mark.parametrize("kind", [SourceKind.EVENTS, SourceKind.CART])
def test_a_key_of_another_kind_opens_nothing(partner: Source, shop: SellerAccount, kind: SourceKind) -> None:
    _source, other = add_source("Another", kind=kind, account=shop)

    answer = post(other, sample("order_change"))

    assert answer.status_code == 401
    assert (SourceMessage.objects.count(), Notification.objects.count()) == (0, 0)


def test_a_source_that_is_switched_off_is_refused(partner: Source, key: str) -> None:
    Source.objects.update(active=False)

    assert post(key, sample("order_change")).status_code == 401


def test_the_key_of_this_door_sends_no_events(key: str) -> None:
    answer = Client().post(
        "/api/v1/events",
        '{"events": []}',
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )

    assert answer.status_code == 401


def test_developers_read_of_it(client: Client, db: None) -> None:
    page = client.get("/api/v1/docs").content.decode()
    schema: dict[str, Any] = client.get("/api/v1/openapi.json").json()

    assert "POST /api/v1/sources/spapi" in page
    assert '<code class="text-break">LISTINGS_ITEM_ISSUES_CHANGE</code>' in page
    assert "/api/v1/sources/spapi" in schema["paths"]
