"""Feeds of one shop that come at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import User
from notifications.ingest.messages.intake import receive
from notifications.models import CartOrder, Notification, Source, SourceMessage
from notifications.types.enums import MessageState
from tests.notifications.ingest.formats.cart.feeds import csv_of, row

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS = [f"503-{number:03}" for number in range(60)]


def test_feeds_that_cross_tell_each_order_once(cart: Source, hanako: User) -> None:
    feeds = [
        csv_of(*[row(order_id, status="未処理") for order_id in ORDERS]),
        csv_of(*[row(order_id, status="新規") for order_id in reversed(ORDERS)]),
        csv_of(*[row(order_id, status="保留中") for order_id in ORDERS[::2] + ORDERS[1::2]]),
    ]
    together = Barrier(len(feeds))

    def send(feed: str) -> None:
        together.wait()
        try:
            receive(cart, feed.encode(), way="http")
        finally:
            connection.close()

    with ThreadPoolExecutor(len(feeds)) as pool:
        for sent in [pool.submit(send, feed) for feed in feeds]:
            sent.result()

    assert list(CartOrder.objects.values_list("status", flat=True)) == ["confirmed"] * len(ORDERS)
    shown = Notification.objects.filter(withheld="").order_by("dedup_key")
    assert list(shown.values_list("dedup_key", flat=True)) == ORDERS
    assert not SourceMessage.objects.filter(state=MessageState.PARKED).exists()
