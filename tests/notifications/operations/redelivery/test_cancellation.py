"""Cancelling: what has not left is stopped, and what a worker has in hand is not touched."""

from uuid import uuid4

import pytest

from accounts.models import OperatorAction, User
from notifications.models import Delivery
from notifications.operations.redelivery import cancel
from notifications.types.enums import DeliveryStatus
from notifications.web import delivery_report

from .conftest import Make


@pytest.mark.parametrize("status", [DeliveryStatus.QUEUED, DeliveryStatus.HELD])
def test_what_waits_is_stopped_and_the_seller_s_log_says_so(make: Make, omar: User, status: DeliveryStatus) -> None:
    delivery = make(status)

    done = cancel([delivery.pk], by=omar)

    delivery.refresh_from_db()
    assert (done.count, done.shops, done.left) == (1, {delivery.notification.account_id}, 0)
    assert (delivery.status, delivery.cause) == (DeliveryStatus.CANCELLED, "operator")
    assert delivery.completed_at is not None
    assert [road.why for road in delivery_report.taken(delivery.notification)] != [""]
    act = OperatorAction.objects.get()
    assert (act.act, act.operator, act.detail) == (
        "delivery.cancelled",
        omar,
        {"deliveries": 1, "ids": [str(delivery.pk)]},
    )


@pytest.mark.parametrize(
    ("status", "lease"),
    [
        (DeliveryStatus.QUEUED, uuid4()),
        (DeliveryStatus.SENT, None),
        (DeliveryStatus.FAILED, None),
        (DeliveryStatus.BOUNCED, None),
        (DeliveryStatus.CANCELLED, None),
    ],
)
def test_what_may_have_left_or_has_ended_stays(make: Make, omar: User, status: DeliveryStatus, lease: object) -> None:
    delivery = make(status, lease=lease)
    before = Delivery.objects.values().get(pk=delivery.pk)

    done = cancel([delivery.pk], by=omar)

    assert (done.count, done.left) == (0, 1)
    assert Delivery.objects.values().get(pk=delivery.pk) == before
    assert not OperatorAction.objects.exists()
