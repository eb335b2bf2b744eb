"""The stored state of a cart order, updated from one feed to the next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import SellerAccount
from notifications.models import CartOrder, Source

from . import carriers
from .order import Order
from .statuses import State, forward

REMIND_AFTER = timedelta(hours=12)
"""How long after shipment a shop is reminded of a missing tracking number."""


@dataclass(frozen=True, slots=True)
class OrderState:
    """The state of an order after all feeds received so far."""

    state: State
    by_marketplace: bool = False
    carrier: str = ""
    tracking_number: str = ""
    shipped_at: datetime | None = None
    reminded_at: datetime | None = None

    @property
    def marketplace_carrier(self) -> str:
        """Return the carrier's name at the marketplace; empty before there is a shipment."""
        if self.by_marketplace or not (self.carrier or self.shipped_at):
            return ""
        return carriers.at_marketplace(self.carrier).name

    def remind_at(self) -> datetime | None:
        """Return when to remind the shop of the missing tracking number, or None."""
        if self.state is not State.SHIPPED or self.by_marketplace or self.shipped_at is None:
            return None
        if self.tracking_number or self.reminded_at or not carriers.at_marketplace(self.carrier).tracks:
            return None
        return self.shipped_at + REMIND_AFTER


def laid_over(known: OrderState | None, told: Order, *, now: datetime) -> OrderState:
    """Merge the feed's order into the known state; the feed arrived at `now`.
    The state only moves forward, whatever the order of arrival. A feed with an older state only fills empty fields;
    otherwise its values replace earlier ones, and its empty fields do not.
    """
    known = known or OrderState(told.state)
    state = forward(known.state, told.state)
    is_news = state is told.state
    shipped_at = known.shipped_at
    if shipped_at is None and told.state is State.SHIPPED:
        # A cart's clock may run ahead of ours, so the time is capped.
        shipped_at = min(told.shipped_at or now, now)
    return OrderState(
        state=state,
        by_marketplace=known.by_marketplace or told.by_marketplace,
        carrier=_chosen(known.carrier, told.carrier, is_news=is_news),
        tracking_number=_chosen(known.tracking_number, told.tracking_number, is_news=is_news),
        shipped_at=shipped_at,
        reminded_at=known.reminded_at,
    )


def _chosen(known: str, told: str, *, is_news: bool) -> str:
    return (told or known) if is_news else (known or told)


def recall(account: SellerAccount, order_id: str) -> CartOrder | None:
    """Return the locked row of an order, or None.
    The account is locked, too: one feed of a shop is read at a time, so that two of them never create the same order
    and never deadlock.
    """
    SellerAccount.objects.select_for_update(no_key=True).only("pk").get(pk=account.pk)
    return CartOrder.objects.select_for_update(of=("self",)).filter(account=account, order_id=order_id).first()


def known(row: CartOrder | None) -> OrderState | None:
    """Convert a row to its state; None without a row."""
    if row is None:
        return None
    return OrderState(
        state=State(row.status),
        by_marketplace=row.by_marketplace,
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        shipped_at=row.shipped_at,
        reminded_at=row.reminded_at,
    )


def keep(row: CartOrder, memory: OrderState, *, source: Source) -> None:
    """Save the state in the row."""
    row.source = source
    row.status = memory.state.value
    row.by_marketplace = memory.by_marketplace
    row.carrier = memory.carrier
    row.marketplace_carrier = memory.marketplace_carrier
    row.tracking_number = memory.tracking_number
    row.shipped_at = memory.shipped_at
    row.remind_at = memory.remind_at()
    row.changed_at = timezone.now()
    row.save()
