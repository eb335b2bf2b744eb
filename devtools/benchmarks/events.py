"""The events of a bench: confirmed orders, in Japanese, each of its own."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

Told = Callable[[int], tuple[str, dict[str, Any]]]
"""Type and data of the event with this number."""

TYPE = "order_confirmed"
OTHER_TYPES = ("return_requested", "claim_opened", "fba_order_confirmed", "account_at_risk", "listing_closed")
"""The accounts have chosen for these as well."""
SHOPS = 1_000
"""Events go round over so many seller accounts."""
ADDRESSES = 2
"""Where each account wants its confirmed orders told."""
BATCH = 1_000
"""Events in one request."""

_PRODUCTS = [
    ("美濃焼 手びねり湯呑み 青磁 2個セット", "HC-YUNOMI-02", 3200),
    ("波佐見焼 豆皿 染付 千鳥", "HC-MAMEZARA-11", 880),
    ("萬古焼 土鍋 8号 黒", "HC-DONABE-01", 7480),
    ("常滑焼 急須 朱泥 360ml", "HC-KYUSU-07", 4950),
    ("有田焼 マグカップ 麻の葉", "HC-MUG-05", 2750),
    ("備前焼 徳利", "HC-TOKKURI-03", 5200),
]


def seller_id(shop: int) -> str:
    return f"BENCH{shop % SHOPS:09d}"


def shop_name(shop: int) -> str:
    return f"花子の器 {shop % SHOPS}号店"


def addresses(shop: int) -> list[str]:
    return [f"shop{shop % SHOPS}-{place}@sellers.example" for place in ("orders", "packing")[:ADDRESSES]]


def order(number: int) -> dict[str, Any]:
    """What the order with this number holds."""
    chosen = _PRODUCTS[number % 6], _PRODUCTS[(number + 1 + number // 6 % 5) % 6]
    items = [{"title": title, "sku": sku, "quantity": 1 + number % 3, "price": price} for title, sku, price in chosen]
    return {
        "order_id": f"503-{number // 10_000_000:07d}-{number % 10_000_000:07d}",
        "items": items,
        "shipping_method": "通常配送",
        "ship_by": (datetime.now(UTC) + timedelta(days=3)).replace(microsecond=0).isoformat(),
        "status": "confirmed",
    }


def confirmed_order(number: int) -> tuple[str, dict[str, Any]]:
    """Type and data."""
    return TYPE, order(number)


def bodies(count: int, *, first: int = 0, told: Told = confirmed_order) -> Iterator[bytes]:
    """The requests that post this many events."""
    for begin in range(first, first + count, BATCH):
        batch = [_event(number, told) for number in range(begin, min(begin + BATCH, first + count))]
        yield json.dumps({"events": batch}, ensure_ascii=False).encode()


def _event(number: int, told: Told) -> dict[str, Any]:
    kind, data = told(number)
    return {
        "id": f"{kind}-{number}",
        "seller": seller_id(number),
        "type": kind,
        "occurred_at": datetime.now(UTC).isoformat(),
        "data": data,
    }
