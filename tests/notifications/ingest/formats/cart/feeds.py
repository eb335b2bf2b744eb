"""Feeds for tests."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from notifications.ingest.formats.cart import csv_feed, json_feed
from notifications.ingest.formats.cart.rows import Line

SAMPLES = Path(__file__).with_name("samples")

HEADER = "注文番号,処理区分,配送業者,追跡番号,配送方法,決済ステータス,商品名,SKU,数量,単価"


def csv_of(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def row(
    order_id: str = "503-1",
    status: str = "未処理",
    carrier: str = "",
    number: str = "",
    method: str = "宅配便",
    payment: str = "",
    item: str = "湯呑み,HC-1,1,3200",
) -> str:
    return ",".join([order_id, status, carrier, number, method, payment, item])


def lines_of(text: str) -> list[tuple[Line, ...]]:
    """The lines of each order of a CSV feed."""
    return [csv_feed.read(json.loads(part.raw)) for part in csv_feed.split(text)]


def lines_of_json(orders: Sequence[Any]) -> list[tuple[Line, ...]]:
    return [json_feed.read(json.loads(part.raw)) for part in json_feed.split(json.dumps({"orders": orders}))]
