"""Deliveries in whatever state, of a shop of their own or of Hanako's."""

from collections.abc import Callable
from datetime import datetime
from itertools import count

import pytest
from django.utils import timezone

from accounts.models import SellerAccount, User
from notifications.models import Address, Delivery, LineLink, LineUser, Notification, Source
from notifications.types.enums import AddressState, Channel, DeliveryStatus, LinkOrigin, LinkState
from notifications.types.payloads.samples import SAMPLES

Make = Callable[..., Delivery]


@pytest.fixture
def make(shop: SellerAccount, hanako: User) -> Make:
    """`make(status, type=…, account=…, state=…, channel=…, **fields)`: a delivery with all it needs."""
    source = Source.objects.create(name="orders")
    numbers = count(1)

    def make(
        status: DeliveryStatus,
        *,
        type: str = "order_confirmed",
        account: SellerAccount = shop,
        state: AddressState | None = AddressState.ACTIVE,
        channel: Channel = Channel.EMAIL,
        link_state: LinkState = LinkState.LIVE,
        withheld: str = "",
        **fields: object,
    ) -> Delivery:
        number = next(numbers)
        notification = Notification.objects.create(
            account=account,
            source=source,
            event_id=f"event-{number}",
            type=type,
            occurred_at=timezone.now(),
            data=SAMPLES[type],
            withheld=withheld,
        )
        values: dict[str, object] = {
            "notification": notification,
            "channel": channel,
            "recipient": f"n{number}@ok.test",
            "language": "ja",
            "status": status,
            "tries": 3,
            "answer": "550 5.1.1 No such user",
            "cause": "unknown_user",
            "completed_at": timezone.now() if status not in (DeliveryStatus.QUEUED, DeliveryStatus.HELD) else None,
            "due_at": datetime(2026, 1, 1, tzinfo=timezone.get_current_timezone()),
        }
        if channel is Channel.LINE:
            values["link"] = _link(account, hanako, link_state)
        elif state is not None:
            values["address"] = Address.objects.create(account=account, email=f"n{number}@ok.test", state=state)
        return Delivery.objects.create(**values | fields)

    return make


def _link(account: SellerAccount, user: User, state: LinkState) -> LineLink:
    person, _made = LineUser.objects.get_or_create(user_id="U" + "1" * 32, defaults={"name": "花子"})
    ended = {"ended_at": timezone.now(), "end_reason": "unlinked"} if state is LinkState.ENDED else {}
    link, _made = LineLink.objects.get_or_create(
        account=account,
        state=state,
        defaults={"line_user": person, "linked_by": user, "way": LinkOrigin.SITE} | ended,
    )
    return link
