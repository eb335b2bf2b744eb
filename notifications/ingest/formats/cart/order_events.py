"""Derive the events of an order from its feed and its stored state. Pure functions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ...pipeline import Event
from ...pipeline.events import LATE
from . import carriers, notices
from .order import Order, items
from .order_state import OrderState
from .statuses import State, name_of


@dataclass(frozen=True, slots=True)
class OrderEvents:
    """The events of one order, or the reason why there are none."""

    events: tuple[Event, ...] = ()
    ignored: str = ""


def order_events(
    order: Order, known: OrderState | None, memory: OrderState, *, seller: str, now: datetime
) -> OrderEvents:
    """Return the events that are new in `order`: `known` is the state before it, `memory` the state with it.
    The event keys name the order and what happened to it, so that any number of feeds notify of it once. Raises
    DeadLetterError.
    """
    is_news = known is None or order.state.step > known.state.step
    if memory.by_marketplace:
        return _of_marketplace(order, is_news=is_news, seller=seller, now=now)
    events: list[Event] = []
    if order.sync_failed and memory.state in (State.CONFIRMED, State.SHIPPED):
        notice = notices.sync_failed(order.order_id, memory.marketplace_carrier)
        events.append(_event(order, "sync-failed", "technical_notice", notice, seller=seller, at=now))
    if is_news and order.state in (State.PENDING, State.CONFIRMED):
        data, at = _confirmed(order, memory), _sane(order.ordered_at, now)
        events.append(_event(order, order.state.value, "order_confirmed", data, seller=seller, at=at))
    if is_news and order.state is State.RETURNED:
        events.append(_event(order, "returned", "return_requested", _returned(order), seller=seller, at=now))
    return OrderEvents(tuple(events)) if events else OrderEvents(ignored=_why_nothing(order, memory, is_news=is_news))


def _of_marketplace(order: Order, *, is_news: bool, seller: str, now: datetime) -> OrderEvents:
    """Return at most one confirmation for an order that the marketplace ships; it asks nothing of the shop."""
    if is_news and order.state is State.CONFIRMED:
        data = {"order_id": order.order_id, "items": items(order)}
        at = _sane(order.ordered_at, now)
        return OrderEvents((_event(order, "fba-confirmed", "fba_order_confirmed", data, seller=seller, at=at),))
    return OrderEvents(ignored=_("The marketplace ships this order itself (FBA): the shop has nothing to do."))


def _confirmed(order: Order, memory: OrderState) -> dict[str, Any]:
    data: dict[str, Any] = {"order_id": order.order_id, "items": items(order), "status": order.state.value}
    if order.shipping_method:
        data["shipping_method"] = order.shipping_method
    if order.ship_by is not None:
        data["ship_by"] = order.ship_by.isoformat()
    if carriers.is_named(memory.carrier):
        carrier = carriers.at_marketplace(memory.carrier)
        data["carrier"] = {"name": carrier.name, "own_name": memory.carrier, "known": carrier.is_known}
    return data


def _returned(order: Order) -> dict[str, Any]:
    data: dict[str, Any] = {"order_id": order.order_id, "items": items(order)}
    if order.return_reason:
        data["reason"] = order.return_reason
    if order.respond_by is not None:
        data["respond_by"] = order.respond_by.isoformat()
    return data


def _why_nothing(order: Order, memory: OrderState, *, is_news: bool) -> str:
    known = {"state": name_of(memory.state)}
    if order.state is not memory.state:
        return _("An older state of the order: it is known as %(state)s already.") % known
    if order.state is State.SHIPPED:
        return _("The shipment is remembered: the shop knows of it.")
    if not is_news:
        return _("Nothing new: the order is known as %(state)s already.") % known
    return _("The order was cancelled: there is nothing left to do.")


def _event(order: Order, what: str, type: str, data: dict[str, Any], *, seller: str, at: datetime) -> Event:
    return Event(f"cart:{order.order_id}:{what}", seller, type, at, data)


def _sane(told: datetime | None, now: datetime) -> datetime:
    """Return the time given by the cart, or `now` when that lies in the future or too far in the past."""
    return told if told is not None and now - LATE < told <= now else now
