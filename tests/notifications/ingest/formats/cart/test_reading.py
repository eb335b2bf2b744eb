"""Feeds become lines, and a bad line is alone with its fault."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from notifications.ingest.formats.base import MAX_PARTS, DeadLetterError
from notifications.ingest.formats.cart import csv_feed, json_feed
from notifications.ingest.formats.cart.columns import NAMES, Column, column_of
from notifications.ingest.formats.cart.decoding import decode
from notifications.ingest.formats.cart.order import Order, items, read_order
from notifications.ingest.formats.cart.statuses import State, state_of
from notifications.ingest.formats.cart.values import read_count, read_moment, read_yen
from notifications.types.enums import ParkReason
from tests.notifications.ingest.formats.cart.feeds import SAMPLES, csv_of, lines_of, lines_of_json, row

TOKYO = ZoneInfo("Asia/Tokyo")


def orders_of(text: str) -> list[Order]:
    return [read_order(lines, zone=TOKYO) for lines in lines_of(text)]


def fault_of(text: str) -> str:
    """The sentence about the only order of a feed."""
    with pytest.raises(DeadLetterError) as parked:
        [items(order) for order in orders_of(text)]
    assert parked.value.reason == ParkReason.UNKNOWN_SHAPE
    return parked.value.detail


def test_no_name_stands_for_two_columns() -> None:
    for column, names in NAMES.items():
        assert [column_of(name) for name in names] == [column] * len(names)


@pytest.mark.parametrize("name", ["Order_ID", "orderId", " order id ", "ＯＲＤＥＲ＿ＩＤ", "注文 番号"])
def test_width_case_and_signs_of_a_header_do_not_matter(name: str) -> None:
    assert column_of(name) is Column.ORDER_ID


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_the_encodings_of_japanese_carts(encoding: str) -> None:
    text = (SAMPLES / "orders.csv").read_text(encoding="utf-8") + "①㈱～,\n"

    assert decode(text.encode(encoding)) == text


def test_a_few_bad_bytes_do_not_sink_a_feed() -> None:
    body = csv_of(row("503-1"), row("503-2", item="茶碗,HC-2,1,1200"), *[row(f"503-{n}") for n in range(3, 9)])
    broken = body.encode("cp932").replace("茶碗".encode("cp932"), b"\x92\x83\xff\xff")

    lines = lines_of(decode(broken))

    assert len(lines) == 8
    assert [order[0].text(Column.TITLE) for order in (lines[0], *lines[2:])] == ["湯呑み"] * 7
    with pytest.raises(DeadLetterError, match="Line 3, column “商品名”: Some of its characters are neither"):
        lines[1][0].text(Column.TITLE)


@pytest.mark.parametrize("body", [b"\x00\xff\xfe\xfd" * 50, "注文番号".encode("utf-16")])
def test_what_is_no_text_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(DeadLetterError) as parked:
        csv_feed.split(decode(body))

    assert parked.value.reason == ParkReason.UNREADABLE


def test_several_lines_of_one_order_are_one_order() -> None:
    text = csv_of(row("503-1"), row("503-2"), row("503-1", item="豆皿,HC-2,3,880"))

    orders = orders_of(text)

    assert [order.order_id for order in orders] == ["503-1", "503-2"]
    assert items(orders[0]) == [
        {"title": "湯呑み", "sku": "HC-1", "quantity": 1, "price": 3200},
        {"title": "豆皿", "sku": "HC-2", "quantity": 3, "price": 880},
    ]


def test_a_part_can_be_read_by_itself_and_is_known_wherever_it_stands() -> None:
    here, there = csv_of(row("503-1"), row("503-2")), csv_of(row("503-2"), "", row("503-1"))

    first, second = csv_feed.split(here)
    other_second, other_first = csv_feed.split(there)

    assert [first.message_id, second.message_id] == [other_first.message_id, other_second.message_id]
    assert first.message_id != second.message_id
    assert first.type == "未処理"
    assert json.loads(first.raw)["lines"][0][0] == 2


def test_a_cell_may_hold_commas_quotes_and_line_breaks() -> None:
    text = csv_of(row(item='"湯呑み, ""青磁""\n2個",HC-1,1,"3,200"'), row("503-2", status="?"))

    assert items(orders_of(csv_of(row(item='"湯呑み, ""青磁""\n2個",HC-1,1,"3,200"')))[0]) == [
        {"title": '湯呑み, "青磁" 2個', "sku": "HC-1", "quantity": 1, "price": 3200}
    ]
    assert fault_of(text) == "Line 4, column “処理区分”: We do not know the status “?”."


def test_a_quote_that_is_never_closed_costs_its_own_line() -> None:
    text = csv_of(row("503-1"), row("503-2", item='"湯呑み,HC-1,1,3200'), row("503-3"))

    parts = csv_feed.split(text)

    assert [len(csv_feed.read(json.loads(part.raw))) for part in (parts[0], parts[2])] == [1, 1]
    with pytest.raises(DeadLetterError, match="Line 3 is not CSV: check its quotation marks"):
        csv_feed.read(json.loads(parts[1].raw))


def test_an_order_with_a_broken_line_is_not_told_without_it() -> None:
    text = csv_of(row("503-1"), row("503-1", item='"豆皿,HC-2,1,880'), row("503-2"))

    first, second = csv_feed.split(text)

    assert len(csv_feed.read(json.loads(second.raw))) == 1
    with pytest.raises(DeadLetterError, match="Line 3 is not CSV"):
        csv_feed.read(json.loads(first.raw))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (csv_of(row(order_id="")), "Line 2, column “注文番号”: This is required."),
        (
            csv_of(row(order_id="注文1")),
            "Line 2, column “注文番号”: An order ID has 1 to 64 letters, digits and signs, and no spaces.",
        ),
        (csv_of(row(status="")), "Line 2, column “処理区分”: This is required."),
        (csv_of(row(status="謎")), "Line 2, column “処理区分”: We do not know the status “謎”."),
        (csv_of(row(item="湯呑み,HC-1,x,1")), "Line 2, column “数量”: This is not a whole number from 1 on."),
        (csv_of(row(item="湯呑み,HC-1,0,1")), "Line 2, column “数量”: This is not a whole number from 1 on."),
        (csv_of(row(item="湯呑み,HC-1,1,安い")), "Line 2, column “単価”: This is not a whole amount of yen."),
        (csv_of(row(item="湯呑み,,1,1")), "Line 2, column “SKU”: This is required."),
        (csv_of(row(item=f"湯呑み,{'x' * 65},1,1")), "Line 2, column “SKU”: A SKU has 64 characters at the most."),
        (csv_of(row(item=",HC-1,1,1")), "Line 2, column “商品名”: This is required."),
        (csv_of("503-1,未処理"), "Line 2 has 2 cells, and the first line names 10 columns."),
        (csv_of(row(), row() + ",9"), "Line 3 has 11 cells, and the first line names 10 columns."),
        (
            csv_of(row(), row(status="配送完了")),
            "Line 3, column “処理区分”: Another line of the same order says something else.",
        ),
        (
            csv_of("503-1,未処理,明日", header="注文番号,処理区分,発送期限"),
            "Line 2, column “発送期限”: This is neither a date nor a time, like 2026-11-21 18:30.",
        ),
        (csv_of(*[row()] * 101), "An order may have 100 products."),
    ],
)
def test_a_fault_names_its_line_and_its_column(text: str, sentence: str) -> None:
    assert fault_of(text) == sentence


@pytest.mark.parametrize(
    "text", ["", "\n\n", "503-1,未処理\n", "注文番号,商品名\n503-1,湯呑み\n", "処理区分\n未処理\n", '"注文番号']
)
def test_a_feed_without_a_usable_header_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(DeadLetterError) as parked:
        csv_feed.split(text)

    assert parked.value.reason == ParkReason.UNREADABLE
    assert parked.value.detail.startswith("The first line must name the columns, and none of them is one of: ")


def test_a_feed_has_a_bound() -> None:
    with pytest.raises(DeadLetterError, match="A feed may hold 20000 lines"):
        csv_feed.split(csv_of(*[row()] * 20_000))


def test_json_says_the_same_with_items_in_a_list() -> None:
    orders = json.loads((SAMPLES / "orders.json").read_text(encoding="utf-8"))["orders"]

    first, second = (read_order(lines, zone=TOKYO) for lines in lines_of_json(orders))

    assert [item["quantity"] for item in items(first)] == [2, 1]
    assert (first.state, first.carrier, first.ship_by) == (State.CONFIRMED, "ネコポス", date(2026, 11, 27))
    assert (second.state, second.carrier) == (State.SHIPPED, "クリックポスト")


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        (7, "orders[0]: This is not an object."),
        ({"items": "x"}, "orders[0].items: This is not a list."),
        ({"items": [7]}, "orders[0].items[0]: This is not an object."),
        ({"status": True}, "orders[0].status: This is neither a text nor a number."),
        ({"status": "new"}, "orders[0], field “注文番号”: This is required."),
        ({"order_id": "1", "items": [{}]}, "orders[0].items[0], field “注文ステータス”: This is required."),
    ],
)
def test_a_fault_in_json_names_its_path(order: object, sentence: str) -> None:
    with pytest.raises(DeadLetterError) as parked:
        [read_order(lines, zone=TOKYO) for lines in lines_of_json([order])]

    assert parked.value.detail == sentence


@pytest.mark.parametrize("text", ["{", "[]", '{"orders": {}}', '{"orders": [NaN, ' + "[" * 100_000])
def test_what_is_no_feed_in_json_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(DeadLetterError) as parked:
        json_feed.split(text)

    assert parked.value.reason == ParkReason.UNREADABLE


def test_an_unpaid_order_is_pending_whatever_its_status_says() -> None:
    assert [order.state for order in orders_of(csv_of(row(payment="入金待ち"), row("503-2", payment="入金済み")))] == [
        State.PENDING,
        State.CONFIRMED,
    ]


@pytest.mark.parametrize(
    ("method", "carrier", "by_marketplace"),
    [
        ("AmazonFBA配送", "", True),
        ("Ａｍａｚｏｎ FBA 配送", "", True),
        ("宅配便", "配送業者FBA", False),
        ("宅配便", "FBA", False),
        ("", "", False),
    ],
)
def test_the_shipping_method_alone_says_that_the_marketplace_ships(
    method: str, carrier: str, by_marketplace: bool
) -> None:
    assert orders_of(csv_of(row(method=method, carrier=carrier)))[0].by_marketplace is by_marketplace


@pytest.mark.parametrize("where", ["payment", "status"])
def test_a_failed_sync_is_seen_in_either_column(where: str) -> None:
    order = orders_of(csv_of(row(**{"status": "配送完了", where: "連携失敗"})))[0]

    assert (order.state, order.sync_failed) == (State.SHIPPED, True)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("入金待ち", "pending"),
        ("新規受付", "confirmed"),
        ("配送完了", "shipped"),
        ("返 送", "returned"),
        ("謎", None),
    ],
)
def test_the_words_of_carts(word: str, state: str | None) -> None:
    assert state_of(word) == state


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026/11/24 9:05", datetime(2026, 11, 24, 9, 5, tzinfo=TOKYO)),
        ("2026-11-24 09:05:30", datetime(2026, 11, 24, 9, 5, 30, tzinfo=TOKYO)),
        ("２０２６年１１月２４日　９時５分", datetime(2026, 11, 24, 9, 5, tzinfo=TOKYO)),
        ("2026-11-24T00:05:00Z", datetime(2026, 11, 24, 9, 5, tzinfo=TOKYO)),
        ("20261124T090500", datetime(2026, 11, 24, 9, 5, tzinfo=TOKYO)),
        ("2026/11/24", date(2026, 11, 24)),
        ("2026年11月24日", date(2026, 11, 24)),
        ("2026/13/24", None),
        ("昨日", None),
        ("2026/11/24 25:00", None),
    ],
)
def test_times_of_carts(text: str, moment: date | datetime | None) -> None:
    assert read_moment(text, TOKYO) == moment


def test_numbers_of_carts() -> None:
    assert [read_count(text) for text in ("2", "２", "2個", "1,000", "0", "-1", "1.5", "²", "1_0", "")] == [
        *(2, 2, 2, 1000),
        *(None,) * 3,
        2,
        *(None, None),
    ]
    assert [read_yen(text) for text in ("3,200", "¥3200", "￥3,200", "３２００円", "3200.00", "1e9", "12.5")] == [
        *(3200,) * 5,
        *(None, None),
    ]


def test_a_long_title_is_shortened_rather_than_costing_the_order() -> None:
    order = orders_of(csv_of(row(item=f"{'器' * 400},HC-1,1,1")))[0]

    assert items(order)[0]["title"] == "器" * 299 + "…"


def test_a_header_cannot_multiply_a_feed() -> None:
    header = ",".join(["注文番号", "処理区分", *(f"c{number}" for number in range(200))])

    with pytest.raises(DeadLetterError) as refused:
        csv_feed.split(f"{header}\n503-1,未処理\n")

    assert refused.value.reason == ParkReason.UNREADABLE


def test_of_too_many_orders_no_more_than_one_too_many_is_made() -> None:
    lines = "\n".join(f"503-{number},未処理" for number in range(MAX_PARTS + 50))

    assert len(csv_feed.split(f"注文番号,処理区分\n{lines}\n")) == MAX_PARTS + 1
    assert len(json_feed.split(json.dumps({"orders": [0] * (MAX_PARTS + 50)}))) == MAX_PARTS + 1
