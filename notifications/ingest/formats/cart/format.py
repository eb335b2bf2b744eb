"""The format of sources of kind CART: detect CSV or JSON, and convert each order to events."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import SellerAccount
from notifications.models import CartOrder, Source
from notifications.types.enums import ParkReason

from ..base import DeadLetterError, ParsedPart, Part
from . import csv_feed, json_feed, order_state
from .decoding import decode
from .order import read_order
from .order_events import order_events
from .parts import unwritten
from .rows import Line


class CartFormat:
    """Order feeds of a shop's own cart system, in CSV and JSON."""

    def split(self, body: bytes, content_type: str) -> list[Part]:
        """Return one part for each order. Raises DeadLetterError when the feed cannot be read at all."""
        text = decode(body)
        return json_feed.split(text) if _is_json(text, content_type) else csv_feed.split(text)

    def read(self, source: Source, part: Part, *, now: datetime, stand_in: SellerAccount | None = None) -> ParsedPart:
        """Store the state of the order and return the events that are new. Raises DeadLetterError, naming line and
        column.
        """
        account = source.account or stand_in
        if account is None:
            raise DeadLetterError(ParkReason.UNKNOWN_SELLER, _("This source is not connected to a shop."))
        order = read_order(_lines(part.raw), zone=ZoneInfo(account.time_zone))
        row = order_state.recall(account, order.order_id)
        known = order_state.known(row)
        all_of_it = order_state.laid_over(known, order, now=now)
        found = order_events(order, known, all_of_it, seller=account.public_id, now=now)
        order_state.keep(row or CartOrder(account=account, order_id=order.order_id), all_of_it, source=source)
        return ParsedPart(account, found.events, found.ignored)


def _is_json(text: str, content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    if kind in ("text/csv", "application/csv"):
        return False
    return kind.endswith("json") or text.lstrip()[:1] in ("{", "[")


def _lines(raw: bytes) -> tuple[Line, ...]:
    try:
        part = unwritten(raw)
    except (ValueError, RecursionError):
        raise DeadLetterError(ParkReason.UNREADABLE, _("What was kept of it cannot be read.")) from None
    return json_feed.read(part) if "path" in part else csv_feed.read(part)
