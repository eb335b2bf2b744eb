"""The HTTP door for a shop's own cart."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from accounts.models import SellerAccount, User
from notifications.ingest.api_keys import add_source
from notifications.ingest.formats.cart.columns import NAMES
from notifications.models import CartOrder, Notification, SourceMessage
from notifications.types.enums import SourceKind
from tests.notifications.ingest.formats.cart.feeds import SAMPLES, csv_of, row

DOOR = "/api/v1/sources/cart"


@pytest.fixture
def key(shop: SellerAccount, hanako: User) -> str:
    return add_source("花子の器のカート", kind=SourceKind.CART, account=shop)[1]


def post(key: str, body: bytes, content_type: str = "text/csv", **headers: str) -> HttpResponse:
    client = Client(enforce_csrf_checks=True)
    headers = {"Authorization": f"Bearer {key}"} | headers
    return client.generic("POST", DOOR, body, content_type=content_type, headers=headers)


def results(answer: HttpResponse) -> list[dict[str, Any]]:
    assert answer.status_code == 200
    return json.loads(answer.content)["results"]


def test_a_feed_in_cp932_is_taken_order_by_order(key: str) -> None:
    body = (SAMPLES / "orders.csv").read_text(encoding="utf-8").encode("cp932")

    answer = results(post(key, body, "text/csv; charset=Shift_JIS"))

    assert [one["type"] for one in answer] == [
        *("未処理", "保留中", "未処理", "配送完了", "配送完了", "配送完了", "返送", "キャンセル", "未処理")
    ]
    assert answer[0].pop("id").startswith("503-4410023-1180501 ")
    assert answer[0] == {"type": "未処理", "status": "accepted", "notifications": ["order_confirmed"]}
    assert answer[3] == {
        "id": answer[3]["id"],
        "type": "配送完了",
        "status": "ignored",
        "notifications": [],
        "reason": "not_for_sellers",
        "detail": "The shipment is remembered: the shop knows of it.",
    }
    assert {message.way for message in SourceMessage.objects.all()} == {"http"}


def test_a_feed_in_json_is_taken_too(key: str) -> None:
    answer = results(post(key, (SAMPLES / "orders.json").read_bytes(), "application/json"))

    assert [one["status"] for one in answer] == ["accepted", "ignored"]


def test_a_bad_line_is_answered_with_its_place(key: str) -> None:
    answer = results(post(key, csv_of(row(), row("503-2", item="茶碗,,1,900")).encode()))

    assert [one["status"] for one in answer] == ["accepted", "parked"]
    assert answer[1]["reason"] == "unknown_shape"
    assert answer[1]["detail"] == "Line 3, column “SKU”: This is required."


@pytest.mark.parametrize(
    ("headers", "english"), [({}, True), ({"Accept-Language": "en"}, True), ({"Accept-Language": "ja"}, False)]
)
def test_the_sentences_are_in_the_language_asked_for(
    key: str, headers: dict[str, str], english: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.utils import translation

    from notifications.ingest.formats.cart import order

    monkeypatch.setattr(order, "_", lambda text: f"{translation.get_language()} {text}")

    (answer,) = results(post(key, csv_of(row(status="謎")).encode(), **headers))

    assert ("en We do not know" in answer["detail"]) is english
    assert ("ja We do not know" in answer["detail"]) is not english


@pytest.mark.parametrize("body", [b"\n", b"\x00\xff", b"{", "処理区分\n未処理".encode("cp932")])
def test_what_cannot_be_read_at_all_is_kept_and_answered(key: str, body: bytes) -> None:
    (answer,) = results(post(key, body))

    assert (answer["status"], answer["reason"]) == ("parked", "unreadable")
    assert bytes(SourceMessage.objects.get().raw) == body


@pytest.mark.parametrize("kind", [SourceKind.EVENTS, SourceKind.SELLING_PARTNER, None])
def test_only_the_key_of_a_cart_opens_the_door(db: None, kind: SourceKind | None) -> None:
    key = "shk_nobody" if kind is None else add_source("Another", kind=kind)[1]

    answer = post(key, csv_of(row()).encode())

    assert answer.status_code == 401
    assert not SourceMessage.objects.exists()


def test_the_page_for_developers_names_columns_states_and_carriers(client: Client, db: None) -> None:
    page = client.get("/api/v1/docs").content.decode()

    assert DOOR in page
    assert "<li><code>return_reason</code>: 返送理由, 返品理由, return_reason</li>" in page
    assert "<li>クロネコヤマト: ヤマト運輸</li>" in page
    assert "<li>無し: 配送業者ABF (without a number)</li>" in page


def test_the_manual_for_carts_names_every_column() -> None:
    manual = (Path(__file__).parents[5] / "docs" / "cart-orders.md").read_text(encoding="utf-8")

    for names in NAMES.values():
        assert f" {', '.join(names)} " in manual


def test_an_empty_body_is_no_feed(key: str) -> None:
    assert post(key, b"").status_code == 400
    assert not SourceMessage.objects.exists()


def test_too_much_is_refused_and_nothing_of_it_kept(key: str) -> None:
    many = post(key, csv_of(*[row(f"503-{number}") for number in range(1001)]).encode())
    large = post(key, b"x" * (settings.EVENTS_BODY_BYTES + 1))

    assert [many.status_code, large.status_code] == [413, 413]
    assert json.loads(many.content) == {"detail": "A body may hold 1000 messages at the most."}
    assert not SourceMessage.objects.exists()
    assert not CartOrder.objects.exists()
    assert not Notification.objects.exists()
