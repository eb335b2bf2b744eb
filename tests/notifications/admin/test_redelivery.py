"""Sending again, cancelling and dead letters in the admin site: at the door, with its bells and its words."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import OperatorAction, SellerAccount, User
from notifications.models import Delivery
from notifications.types.enums import AddressState, Channel, DeliveryStatus
from tests.conftest import make_operator
from tests.notifications.operations.redelivery.conftest import Make, make

__all__ = ["make"]

LIST = reverse("admin:notifications_delivery_changelist")
DEAD = reverse("admin:dead_letters")
RETRY = reverse("admin:retry_dead_letters")
GROUP = {"status": "failed", "channel": "email", "cause": "unknown_user", "words": ""}


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[Channel]:
    """Whose bell was rung."""
    channels: list[Channel] = []
    monkeypatch.setattr("notifications.queue.enqueue.enqueue_deliveries", channels.append)
    return channels


@pytest.fixture
def operator(client: Client, omar: User) -> Client:
    client.force_login(omar)
    return client


def act(client: Client, name: str, *rows: Delivery) -> list[str]:
    """Do it and return what the operator is told."""
    response = client.post(LIST, {"action": name, "_selected_action": [str(row.pk) for row in rows]})
    return said(response)


def said(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def only(permission: str) -> User:
    """An operator who may see deliveries, and this."""
    olga = make_operator("olga@ok.test", "Olga")
    olga.user_permissions.set(Permission.objects.filter(codename__in=["view_delivery", permission]))
    return olga


def test_chosen_ones_are_sent_again_and_their_channels_are_woken(
    operator: Client, make: Make, rung: list[Channel]
) -> None:
    rows = [make(DeliveryStatus.FAILED), make(DeliveryStatus.BOUNCED), make(DeliveryStatus.SENT)]
    stuck = make(DeliveryStatus.FAILED, state=AddressState.FAILING)

    told = act(operator, "send_again", *rows, stuck)

    assert told == [
        "2 deliveries are sent again (shops: 1).",
        "1 is not: It waits, is held, was sent, or somebody has it in hand.",
        "1 is not: Its address was removed or cannot be written to.",
    ]
    assert rung == [Channel.EMAIL]
    assert Delivery.objects.filter(status=DeliveryStatus.QUEUED).count() == 2


def test_nobody_is_woken_for_nothing(operator: Client, make: Make, rung: list[Channel]) -> None:
    act(operator, "send_again", make(DeliveryStatus.SENT))

    assert rung == []


def test_chosen_ones_are_cancelled(operator: Client, make: Make) -> None:
    told = act(operator, "cancel", make(DeliveryStatus.QUEUED), make(DeliveryStatus.HELD), make(DeliveryStatus.SENT))

    assert told == [
        "2 deliveries will not be sent (shops: 1).",
        "1 had left, had ended, or is being sent right now.",
    ]
    assert sorted(Delivery.objects.values_list("status", flat=True)) == ["cancelled", "cancelled", "sent"]


def test_no_more_than_the_bound_go_at_once(
    operator: Client, make: Make, rung: list[Channel], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.admin.deliveries.delivery.MAX_AT_ONCE", 2)
    rows = [make(DeliveryStatus.FAILED) for _ in range(3)]

    told = act(operator, "send_again", *rows)

    assert told == ["2 deliveries are sent again (shops: 1).", "2 go at once: choose the others again."]
    assert Delivery.objects.filter(status=DeliveryStatus.FAILED).count() == 1


@pytest.mark.parametrize(
    ("permission", "name", "status"),
    [
        ("cancel_delivery", "send_again", DeliveryStatus.FAILED),
        ("requeue_delivery", "cancel", DeliveryStatus.QUEUED),
    ],
)
def test_each_act_needs_its_own_permission(
    client: Client, make: Make, permission: str, name: str, status: DeliveryStatus
) -> None:
    delivery = make(status)
    before = Delivery.objects.values().get()
    client.force_login(only(permission))

    act(client, name, delivery)

    assert Delivery.objects.values().get() == before
    assert not OperatorAction.objects.exists()


def test_the_page_of_a_delivery_offers_what_fits(operator: Client, make: Make) -> None:
    offers = {}
    for status in DeliveryStatus:
        url = reverse("admin:notifications_delivery_change", args=[make(status).pk])
        page = operator.get(url).content.decode()
        offers[status] = [name for name in ("send_again", "cancel") if f'name="action" value="{name}"' in page]

    assert offers == {
        DeliveryStatus.QUEUED: ["cancel"],
        DeliveryStatus.SENT: [],
        DeliveryStatus.HELD: ["cancel"],
        DeliveryStatus.BOUNCED: ["send_again"],
        DeliveryStatus.FAILED: ["send_again"],
        DeliveryStatus.CANCELLED: ["send_again"],
    }


def test_dead_letters_are_asked_about_before_they_go(
    operator: Client, make: Make, other_shop: SellerAccount, rung: list[Channel]
) -> None:
    make(DeliveryStatus.FAILED)
    make(DeliveryStatus.FAILED, account=other_shop)
    make(DeliveryStatus.FAILED, state=AddressState.FAILING)

    groups = operator.get(DEAD).context["groups"]
    asked = operator.get(f"{RETRY}?{groups[0]['asking']}")
    after_asking = Delivery.objects.filter(status=DeliveryStatus.QUEUED).count()
    done = operator.post(RETRY, GROUP)

    assert [line["group"].count for line in groups] == [3]
    assert "Send 2 deliveries of 2 shops again?" in asked.content.decode()
    assert (after_asking, rung) == (0, [Channel.EMAIL])
    assert (done["Location"], said(done)) == (DEAD, ["2 deliveries are sent again (shops: 2)."])
    assert Delivery.objects.filter(status=DeliveryStatus.QUEUED).count() == 2


@pytest.mark.parametrize("wrong", [{"status": "sent"}, {"status": "held"}, {"channel": "pigeon"}, {"status": ""}])
def test_a_group_that_is_none_is_not_found(operator: Client, make: Make, wrong: dict[str, str]) -> None:
    make(DeliveryStatus.SENT)

    assert operator.post(RETRY, GROUP | wrong).status_code == 404
    assert Delivery.objects.get().status == DeliveryStatus.SENT


def test_who_may_only_look_retries_nothing(client: Client, make: Make) -> None:
    make(DeliveryStatus.FAILED)
    client.force_login(only("view_delivery"))

    looked, posted = client.get(DEAD), client.post(RETRY, GROUP)

    assert (looked.status_code, posted.status_code) == (200, 403)
    assert Delivery.objects.get().status == DeliveryStatus.FAILED
