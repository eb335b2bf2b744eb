"""Payloads of orders and of FBA inbound shipments."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from ..enums import Reason
from .base import Count, Deadline, Id, Part, Payload, Sku, Title, Words
from .money import Amount, Currency, check_money


class Item(Part):
    """One product in an order."""

    title: Title | None = None
    sku: Sku
    quantity: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    price: Annotated[Amount | None, Field(description="For one piece.")] = None
    currency: Currency = "JPY"

    def model_post_init(self, context: Any, /) -> None:
        check_money(self.price, self.currency)


MAX_ITEMS = 100
Items = Annotated[tuple[Item, ...], Field(min_length=1, max_length=MAX_ITEMS)]
MaybeItems = Annotated[tuple[Item, ...], Field(max_length=MAX_ITEMS)]
"""Empty where the source gave only the order."""


def order_references(order_id: str, items: tuple[Item, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([order_id, *[item.sku for item in items]]))


class OrderStatus(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSHIPPED = "unshipped"
    """The marketplace's other word for confirmed."""
    CANCELLED = "cancelled"


class Carrier(Part):
    """The carrier, as named by the marketplace and by the seller's own system."""

    name: Annotated[Words, Field(description="As the marketplace names it.")]
    own_name: Annotated[Words | None, Field(description="As the shop's own system names it.")] = None
    known: Annotated[
        bool,
        Field(strict=True, description="false: the marketplace knows it not; `name` stands in its place."),
    ] = True


class OrderConfirmed(Payload):
    order_id: Id
    items: MaybeItems = ()
    shipping_method: Words | None = None
    carrier: Carrier | None = None
    ship_by: Deadline | None = None
    status: OrderStatus
    cancel_requested: Annotated[
        bool, Field(strict=True, description="true: the buyer asks to cancel it; told once of its own.")
    ] = False

    @property
    def confirmed(self) -> bool:
        return self.status in (OrderStatus.CONFIRMED, OrderStatus.UNSHIPPED)

    def verdict(self) -> Reason | None:
        return None if self.confirmed else Reason.ORDER_NOT_CONFIRMED

    def references(self) -> tuple[str, ...]:
        return order_references(self.order_id, self.items)

    def once_key(self) -> str:
        return f"{self.order_id} cancel" if self.cancel_requested else self.order_id


class FbaOrderConfirmed(Payload):
    order_id: Id
    items: MaybeItems = ()

    def references(self) -> tuple[str, ...]:
        return order_references(self.order_id, self.items)

    def once_key(self) -> str:
        return self.order_id


class ShipmentState(StrEnum):
    WORKING = "working"
    SHIPPED = "shipped"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    CHECKED_IN = "checked_in"
    RECEIVING = "receiving"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    ERROR = "error"


class FbaInboundShipment(Payload):
    shipment_id: Id
    state: ShipmentState
    received: Count
    expected: Count

    def references(self) -> tuple[str, ...]:
        return (self.shipment_id,)
