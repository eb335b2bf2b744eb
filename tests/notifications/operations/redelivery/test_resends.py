"""Sending again: what ended without arriving is due now; what could not arrive stays, with the reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import OperatorAction, SellerAccount, User
from notifications.models import Attempt, Delivery, Recall
from notifications.operations.redelivery import RequeueRefusal, requeue
from notifications.types.enums import AddressState, Channel, DeliveryStatus, LinkState, Reason

from .conftest import Make

ENDED = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED, DeliveryStatus.CANCELLED)


def state_of(delivery: Delivery) -> dict[str, object]:
    row: dict[str, object] = Delivery.objects.filter(pk=delivery.pk).values().get()
    return row


@pytest.mark.parametrize("status", ENDED)
def test_what_ended_is_due_now_as_if_never_tried(make: Make, omar: User, status: DeliveryStatus) -> None:
    delivery = make(status)

    done = requeue([delivery.pk], by=omar)

    delivery.refresh_from_db()
    assert (done.count, done.shops, done.channels, done.left) == (
        1,
        {delivery.notification.account_id},
        {Channel.EMAIL},
        {},
    )
    assert (delivery.status, delivery.tries, delivery.cause, delivery.answer) == (DeliveryStatus.QUEUED, 0, "", "")
    assert (delivery.lease, delivery.completed_at) == (None, None)
    assert abs(delivery.due_at - timezone.now()) < timedelta(minutes=1)


@pytest.mark.parametrize("status", [DeliveryStatus.QUEUED, DeliveryStatus.HELD, DeliveryStatus.SENT])
def test_what_has_not_ended_or_has_arrived_stays(make: Make, omar: User, status: DeliveryStatus) -> None:
    delivery = make(status)
    before = state_of(delivery)

    done = requeue([delivery.pk], by=omar)

    assert (done.count, done.left) == (0, {RequeueRefusal.NOT_ENDED: 1})
    assert state_of(delivery) == before
    assert not OperatorAction.objects.exists()


@pytest.mark.parametrize(
    ("state", "type", "able"),
    [
        (AddressState.ACTIVE, "order_confirmed", True),
        (AddressState.REFUSED, "account_at_risk", True),
        (AddressState.REFUSED, "order_confirmed", False),
        (AddressState.FAILING, "account_at_risk", False),
        (AddressState.UNCONFIRMED, "order_confirmed", False),
        (None, "order_confirmed", False),
    ],
)
def test_the_address_must_be_able_to_receive(
    make: Make, omar: User, state: AddressState | None, type: str, able: bool
) -> None:
    delivery = make(DeliveryStatus.FAILED, state=state, type=type)
    before = state_of(delivery)

    done = requeue([delivery.pk], by=omar)

    assert (done.count, done.left) == ((1, {}) if able else (0, {RequeueRefusal.ADDRESS: 1}))
    assert (state_of(delivery) == before) is not able


@pytest.mark.parametrize("state", LinkState)
def test_the_line_link_must_be_live(make: Make, omar: User, state: LinkState) -> None:
    delivery = make(DeliveryStatus.FAILED, channel=Channel.LINE, link_state=state)

    done = requeue([delivery.pk], by=omar)

    able = state is LinkState.LIVE
    assert (done.count, done.left) == ((1, {}) if able else (0, {RequeueRefusal.LINE: 1}))
    assert done.channels == ({Channel.LINE} if able else set())


@pytest.mark.parametrize(("permanent", "able"), [(True, True), (False, False)])
def test_what_line_may_have_had_long_ago_is_not_told_twice(make: Make, omar: User, permanent: bool, able: bool) -> None:
    delivery = make(DeliveryStatus.FAILED, channel=Channel.LINE)
    Attempt.objects.create(delivery=delivery, at=timezone.now() - timedelta(days=2), permanent=permanent, code=400)

    done = requeue([delivery.pk], by=omar)

    assert (done.count, done.left) == ((1, {}) if able else (0, {RequeueRefusal.IN_DOUBT: 1}))


def test_what_was_taken_back_stays_so(make: Make, omar: User) -> None:
    recalled = make(DeliveryStatus.CANCELLED)
    recalled.notification.recall = Recall.objects.create(correction_ja="訂正", correction_en="Correction")
    recalled.notification.save()
    withheld = make(DeliveryStatus.CANCELLED, withheld=Reason.ORDER_NOT_CONFIRMED)

    done = requeue([recalled.pk, withheld.pk], by=omar)

    assert (done.count, done.left) == (0, {RequeueRefusal.RECALLED: 2})
    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.CANCELLED}


def test_it_is_written_down_once_for_each_seller(make: Make, omar: User, other_shop: SellerAccount) -> None:
    ours = [make(DeliveryStatus.FAILED) for _ in range(2)]
    theirs = make(DeliveryStatus.BOUNCED, account=other_shop)

    requeue([row.pk for row in [*ours, theirs]], by=omar)

    acts = OperatorAction.objects.order_by("account_id").values_list("act", "account", "operator", "detail")
    assert list(acts) == [
        (
            "delivery.requeued",
            ours[0].notification.account_id,
            omar.pk,
            {"deliveries": 2, "ids": [str(row.pk) for row in ours]},
        ),
        ("delivery.requeued", other_shop.pk, omar.pk, {"deliveries": 1, "ids": [str(theirs.pk)]}),
    ]


def test_a_second_click_changes_nothing(make: Make, omar: User) -> None:
    delivery = make(DeliveryStatus.FAILED)
    requeue([delivery.pk], by=omar)
    before = state_of(delivery)

    done = requeue([delivery.pk], by=omar)

    assert (done.count, done.left) == (0, {RequeueRefusal.NOT_ENDED: 1})
    assert state_of(delivery) == before


def test_many_go_in_steps(make: Make, omar: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.operations.redelivery.selection.STEP", 2)
    rows = [make(DeliveryStatus.FAILED) for _ in range(5)]

    done = requeue([row.pk for row in rows], by=omar)

    assert done.count == 5
    assert sorted(act.detail["deliveries"] for act in OperatorAction.objects.all()) == [1, 2, 2]
