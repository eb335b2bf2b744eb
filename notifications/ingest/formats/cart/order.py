"""Build and validate one order from its lines of a feed."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from notifications.types.enums import ParkReason

from ..base import DeadLetterError
from . import values
from .columns import Column
from .normalisation import spelled
from .rows import Line, quoted
from .statuses import State, is_sync_failed, state_of

MAX_ITEMS = 100

_ORDER_ID = re.compile(r"[\x21-\x7e]{1,64}")
_BY_MARKETPLACE = {spelled(name) for name in ("AmazonFBA配送", "FBA配送", "FBA")}
"""Shipping methods. A *carrier* with FBA in its name is something else: the fallback for an unknown carrier."""
_SHORT = 80
_WORDS = 500
_TITLE = 300
_SKU = 64


@dataclass(frozen=True, slots=True)
class Order:
    """The content of one order in one feed; an empty field means the feed does not give it."""

    order_id: str
    state: State
    by_marketplace: bool = False
    """Shipped by the marketplace itself (FBA)."""
    sync_failed: bool = False
    carrier: str = ""
    """The cart's own name of the carrier."""
    tracking_number: str = ""
    shipping_method: str = ""
    return_reason: str = ""
    ordered_at: datetime | None = None
    shipped_at: datetime | None = None
    ship_by: date | datetime | None = None
    respond_by: date | datetime | None = None
    lines: tuple[Line, ...] = ()


def read_order(lines: Sequence[Line], *, zone: ZoneInfo) -> Order:
    """Build the order from its lines. Raises DeadLetterError, naming line and column, when they are not valid."""
    payment = _said(lines, Column.PAYMENT_STATUS)
    method = _said(lines, Column.SHIPPING_METHOD)
    return Order(
        order_id=_order_id(lines[0]),
        state=_state(lines, payment=payment),
        by_marketplace=spelled(method) in _BY_MARKETPLACE,
        sync_failed=is_sync_failed(payment) or is_sync_failed(_said(lines, Column.STATUS)),
        carrier=_said(lines, Column.CARRIER)[:_SHORT],
        tracking_number=_said(lines, Column.TRACKING_NUMBER)[:_SHORT],
        shipping_method=method[:_WORDS],
        return_reason=_said(lines, Column.RETURN_REASON)[:_WORDS],
        ordered_at=_moment(lines, Column.ORDERED_AT, zone),
        shipped_at=_moment(lines, Column.SHIPPED_AT, zone),
        ship_by=_day_or_moment(lines, Column.SHIP_BY, zone),
        respond_by=_day_or_moment(lines, Column.RESPOND_BY, zone),
        lines=tuple(lines),
    )


def items(order: Order) -> list[dict[str, Any]]:
    """Return its products as `items` of an event's data. Raises DeadLetterError, naming line and column."""
    if len(order.lines) > MAX_ITEMS:
        raise DeadLetterError(ParkReason.UNKNOWN_SHAPE, _("An order may have %(most)d products.") % {"most": MAX_ITEMS})
    return [_item(line) for line in order.lines]


def _item(line: Line) -> dict[str, Any]:
    quantity = values.read_count(line.needed(Column.QUANTITY))
    if quantity is None:
        raise line.fault(Column.QUANTITY, _("This is not a whole number from 1 on."))
    title, sku = line.needed(Column.TITLE), line.needed(Column.SKU)
    item: dict[str, Any] = {"title": _shortened(title), "sku": sku, "quantity": quantity}
    if len(sku) > _SKU:
        raise line.fault(Column.SKU, _("A SKU has 64 characters at the most."))
    if price := line.text(Column.PRICE):
        item["price"] = values.read_yen(price)
        if item["price"] is None:
            raise line.fault(Column.PRICE, _("This is not a whole amount of yen."))
    return item


def _shortened(title: str) -> str:
    return title if len(title) <= _TITLE else title[: _TITLE - 1] + "…"


def _order_id(line: Line) -> str:
    order_id = unicodedata.normalize("NFKC", line.needed(Column.ORDER_ID)).strip()
    if not _ORDER_ID.fullmatch(order_id):
        raise line.fault(Column.ORDER_ID, _("An order ID has 1 to 64 letters, digits and signs, and no spaces."))
    return order_id


def _state(lines: Sequence[Line], *, payment: str) -> State:
    """Return the order's state; an unpaid order counts as pending, because it must not be shipped."""
    told = [line for line in lines if line.text(Column.STATUS)] or lines[:1]
    state = _told(told[0])
    for line in told[1:]:
        if _told(line) is not state:
            raise line.fault(Column.STATUS, _("Another line of the same order says something else."))
    if state is State.CONFIRMED and state_of(payment) is State.PENDING:
        return State.PENDING
    return state


def _told(line: Line) -> State:
    word = line.needed(Column.STATUS)
    state = state_of(word)
    if state is None:
        raise line.fault(Column.STATUS, _("We do not know the status “%(word)s”.") % {"word": quoted(word)})
    return state


def _said(lines: Sequence[Line], column: Column) -> str:
    """Return the first text in the column that is not empty."""
    return next((text for line in lines if (text := line.text(column))), "")


def _day_or_moment(lines: Sequence[Line], column: Column, zone: ZoneInfo) -> date | datetime | None:
    for line in lines:
        if text := line.text(column):
            moment = values.read_moment(text, zone)
            if moment is None or not 2000 <= moment.year <= 2100:
                raise line.fault(column, _("This is neither a date nor a time, like 2026-11-21 18:30."))
            return moment
    return None


def _moment(lines: Sequence[Line], column: Column, zone: ZoneInfo) -> datetime | None:
    value = _day_or_moment(lines, column, zone)
    return None if value is None else values.as_moment(value, zone)
