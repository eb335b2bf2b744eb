"""From an event to its notification, deliveries and decisions."""

from datetime import timedelta
from datetime import timezone as fixed
from typing import Any
from unittest.mock import Mock
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.models import Membership, SellerAccount, User
from accounts.roles import Role
from notifications.ingest import pipeline
from notifications.ingest.api_keys import add_source
from notifications.ingest.pipeline import Accepted, Duplicate, Event, Rejected, notify, notify_many
from notifications.models import (
    Address,
    Delivery,
    Notification,
    Preference,
    PreferenceAddress,
    SkippedRoute,
    Source,
    Unsubscription,
)
from notifications.types.enums import AddressState, DeliveryStatus, Priority, Reason
from notifications.types.payloads.samples import SAMPLES


@pytest.fixture
def source(db: None) -> Source:
    return add_source("Marketplace")[0]


@pytest.fixture
def bell(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """In place of the wake-up."""
    bell = Mock()
    monkeypatch.setattr(pipeline, "enqueue_deliveries", bell)
    return bell


def event(seller: SellerAccount, type_key: str, key: str = "", **data: Any) -> Event:
    return Event(key or str(uuid4()), seller.public_id, type_key, timezone.now(), SAMPLES[type_key] | data)


def choose(seller: SellerAccount, type_key: str, *addresses: Address, email: bool | None = None) -> Preference:
    row = Preference.objects.create(
        account=seller, type=type_key, email=email, changed_by=User.objects.get(memberships__account=seller)
    )
    for position, address in enumerate(addresses):
        PreferenceAddress.objects.create(preference=row, address=address, position=position)
    return row


def id_of(result: pipeline.Result) -> UUID:
    assert isinstance(result, Accepted), result
    return result.id


def test_an_event_becomes_a_notification_and_a_delivery(shop: SellerAccount, hanako: User, source: Source) -> None:
    occurred_at = timezone.now() - timedelta(hours=1)

    result = notify(
        shop,
        "order_confirmed",
        event_id="order-1",
        data=SAMPLES["order_confirmed"],
        occurred_at=occurred_at,
        source=source,
    )

    row = Notification.objects.get()
    assert result == Accepted(row.pk)
    assert (row.account, row.source, row.event_id, row.type, row.withheld) == (
        shop,
        source,
        "order-1",
        "order_confirmed",
        "",
    )
    assert (row.occurred_at, row.data) == (occurred_at, SAMPLES["order_confirmed"])
    assert row.references == "503-1946025-7718203\nhc-yunomi-02\nhc-mamezara-11"
    assert row.dedup_key == "503-1946025-7718203"
    delivery = row.deliveries.get()
    assert (delivery.channel, delivery.recipient, delivery.language) == ("email", "hanako@ok.test", "ja")
    assert (delivery.status, delivery.tries, delivery.priority) == (DeliveryStatus.QUEUED, 0, Priority.NORMAL)
    assert delivery.address == Address.objects.get(account=shop, email="hanako@ok.test")
    assert (delivery.lease, delivery.completed_at, delivery.answer) == (None, None, "")
    assert SkippedRoute.objects.count() == 0


def test_odd_offsets_keep_the_moment(shop: SellerAccount, hanako: User, source: Source) -> None:
    moment = timezone.now() - timedelta(hours=1)
    odd = moment.astimezone(fixed(timedelta(hours=9, minutes=18, seconds=59)))

    notify(shop, "claim_opened", event_id="a", data=SAMPLES["claim_opened"], occurred_at=odd, source=source)

    assert Notification.objects.get().occurred_at == moment


def test_results_come_in_order_and_one_bad_event_sinks_nothing(
    shop: SellerAccount, hanako: User, source: Source
) -> None:
    first = notify_many(source, [event(shop, "listing_closed", "known")])

    results = notify_many(
        source,
        [
            event(shop, "claim_opened", "a"),
            Rejected("data", "This is not an object."),
            event(shop, "claim_opened", "known"),
            Event("b", "NOSUCHSELLER22", "claim_opened", timezone.now(), SAMPLES["claim_opened"]),
            event(shop, "claim_opened", "c", amount=-1),
            event(shop, "claim_opened", "a"),
            event(shop, "claim_opened", "d"),
        ],
    )

    a, d = Notification.objects.get(event_id="a"), Notification.objects.get(event_id="d")
    assert results == [
        Accepted(a.pk),
        Rejected("data", "This is not an object."),
        Duplicate(id_of(first[0])),
        Rejected("seller", "There is no seller account with this id."),
        Rejected("data.amount", "This is less than 0."),
        Duplicate(a.pk),
        Accepted(d.pk),
    ]
    assert Notification.objects.count() == 3


def test_an_id_that_was_refused_is_free_for_the_next(shop: SellerAccount, hanako: User, source: Source) -> None:
    results = notify_many(source, [event(shop, "claim_opened", "a", amount=-1), event(shop, "claim_opened", "a")])

    assert [type(one) for one in results] == [Rejected, Accepted]


def test_sources_do_not_share_their_ids(shop: SellerAccount, hanako: User, source: Source) -> None:
    other, _key = add_source("Warehouse")

    results = [notify_many(one, [event(shop, "claim_opened", "a")])[0] for one in (source, other)]

    assert [type(one) for one in results] == [Accepted, Accepted]


def test_the_same_event_again_changes_nothing(shop: SellerAccount, hanako: User, source: Source) -> None:
    (first,) = notify_many(source, [event(shop, "claim_opened", "a")])

    (again,) = notify_many(source, [event(shop, "claim_opened", "a", amount=99)])

    assert again == Duplicate(id_of(first))
    assert Notification.objects.get().data["amount"] == 5840
    assert Delivery.objects.count() == 1


def test_a_pending_order_is_kept_and_told_when_it_is_confirmed(
    shop: SellerAccount, hanako: User, source: Source
) -> None:
    (pending,) = notify_many(source, [event(shop, "order_confirmed", "1", status="pending")])
    kept = Notification.objects.get()
    told_before = Delivery.objects.count()

    (confirmed,) = notify_many(source, [event(shop, "order_confirmed", "2", status="confirmed")])

    assert (id_of(pending), kept.withheld, told_before) == (kept.pk, Reason.ORDER_NOT_CONFIRMED, 0)
    assert kept.decisions.get().reason == Reason.ORDER_NOT_CONFIRMED
    assert Delivery.objects.get().notification_id == id_of(confirmed)


@pytest.mark.parametrize("together", [True, False])
def test_one_order_is_told_once(shop: SellerAccount, hanako: User, source: Source, together: bool) -> None:
    events = [event(shop, "order_confirmed", key) for key in ("z", "y", "x")]

    results = notify_many(source, events) if together else [notify_many(source, [one])[0] for one in events]

    assert [type(one) for one in results] == [Accepted] * 3
    rows = [Notification.objects.get(pk=id_of(one)) for one in results]
    assert [one.withheld for one in rows] == ["", Reason.ALREADY_TOLD, Reason.ALREADY_TOLD]
    assert Delivery.objects.get().notification == rows[0]
    assert list(SkippedRoute.objects.values_list("channel", "reason")) == [("email", Reason.ALREADY_TOLD)] * 2


def test_the_same_order_id_in_another_shop_is_another_order(
    shop: SellerAccount, hanako: User, other_shop: SellerAccount, mika: User, source: Source
) -> None:
    notify_many(source, [event(shop, "order_confirmed"), event(other_shop, "order_confirmed")])

    assert sorted(Delivery.objects.values_list("recipient", "language")) == [
        ("hanako@ok.test", "ja"),
        ("mika@ok.test", "en"),
    ]


@pytest.mark.parametrize(
    ("type_key", "data", "reason", "roads"),
    [
        ("late_shipment_rate", {"rate": 4}, Reason.WITHIN_REQUIREMENT, ["email", "line"]),
        ("valid_tracking_rate", {"rate": 95}, Reason.WITHIN_REQUIREMENT, ["email", "line"]),
        ("out_of_stock_weekly", {"products": []}, Reason.NOTHING_TO_TELL, ["email"]),
        ("report_open_listings", {}, Reason.NOT_IN_PLAN, ["email"]),
    ],
)
def test_what_is_not_worth_telling_is_kept_with_its_reason(
    other_shop: SellerAccount,
    mika: User,
    source: Source,
    type_key: str,
    data: dict[str, Any],
    reason: Reason,
    roads: list[str],
) -> None:
    notify_many(source, [event(other_shop, type_key, **data)])

    row = Notification.objects.get()
    assert row.withheld == reason
    assert list(row.decisions.order_by("channel").values_list("channel", "reason")) == [
        (road, reason) for road in roads
    ]
    assert Delivery.objects.count() == 0


def test_choices_are_followed(shop: SellerAccount, hanako: User, source: Source) -> None:
    orders = Address.objects.create(account=shop, email="orders@ok.test", state=AddressState.ACTIVE, language="en")
    waiting = Address.objects.create(account=shop, email="waiting@ok.test")
    choose(shop, "order_confirmed", waiting, orders)
    off = choose(shop, "claim_opened", email=False)

    notify_many(source, [event(shop, "order_confirmed"), event(shop, "claim_opened"), event(shop, "listing_closed")])

    assert list(Delivery.objects.values_list("recipient", "language", "address")) == [
        ("orders@ok.test", "en", orders.pk)
    ]
    decisions = SkippedRoute.objects.order_by("notification__type")
    assert list(decisions.values_list("notification__type", "reason", "recipient", "address", "detail")) == [
        (
            "claim_opened",
            Reason.SWITCHED_OFF,
            "",
            None,
            {"by": "山田 花子", "at": off.changed_at.isoformat()},
        ),
        ("listing_closed", Reason.SWITCHED_OFF, "", None, {}),
        ("order_confirmed", Reason.ADDRESS_UNCONFIRMED, "waiting@ok.test", waiting.pk, {}),
    ]


def test_a_required_type_finds_the_primary_user_in_the_end(shop: SellerAccount, hanako: User, source: Source) -> None:
    failing = Address.objects.create(
        account=shop, email="old@ok.test", state=AddressState.FAILING, failure="mailbox_full"
    )
    choose(shop, "account_at_risk", failing)

    notify_many(source, [event(shop, "account_at_risk")])

    assert list(Delivery.objects.order_by("recipient").values_list("recipient", "status", "cause", "priority")) == [
        ("hanako@ok.test", "queued", "", Priority.URGENT),
        ("old@ok.test", "held", "mailbox_full", Priority.URGENT),
    ]
    assert list(SkippedRoute.objects.values_list("channel", "reason", "recipient", "detail")) == [
        ("line", Reason.LINE_NOT_LINKED, "", {}),
    ]


def test_for_a_shop_whose_only_address_fails_it_is_held_and_nobody_is_woken(
    shop: SellerAccount, hanako: User, source: Source, bell: Mock
) -> None:
    Address.objects.create(account=shop, email="hanako@ok.test", state=AddressState.FAILING)

    notify_many(source, [event(shop, "account_at_risk")])

    assert Delivery.objects.get().status == DeliveryStatus.HELD
    assert not bell.called


@pytest.mark.parametrize("state", [AddressState.ACTIVE, AddressState.FAILING])
def test_whoever_unsubscribed_is_left_out_at_the_default_address_too(
    shop: SellerAccount, hanako: User, source: Source, state: AddressState
) -> None:
    address = Address.objects.create(account=shop, email="hanako@ok.test", state=AddressState.ACTIVE)
    Unsubscription.objects.create(address=address, type="order_confirmed")

    Address.objects.update(state=state)

    notify_many(source, [event(shop, "order_confirmed")])

    assert Delivery.objects.count() == 0
    assert list(SkippedRoute.objects.values_list("reason", "recipient")) == [(Reason.UNSUBSCRIBED, "hanako@ok.test")]


def test_names_that_look_like_commands_of_copy_stay_names(shop: SellerAccount, hanako: User, source: Source) -> None:
    hanako.name = "\\.\t\\N\n\r花子"
    hanako.save()
    off = choose(shop, "claim_opened", email=False)

    notify_many(source, [event(shop, "claim_opened")])

    assert SkippedRoute.objects.get().detail == {"by": "\\.\t\\N\n\r花子", "at": off.changed_at.isoformat()}


def test_one_wake_up_after_the_commit_whatever_the_number(
    shop: SellerAccount,
    hanako: User,
    source: Source,
    bell: Mock,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        notify_many(source, [event(shop, "claim_opened") for _i in range(3)])
    rung_before = bell.call_count

    for callback in callbacks:
        callback()

    assert (rung_before, bell.call_count) == (0, 1)


def test_nothing_to_send_rings_no_bell(
    shop: SellerAccount,
    hanako: User,
    source: Source,
    bell: Mock,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        notify_many(source, [event(shop, "listing_created"), Rejected("", "This is not an object.")])

    assert bell.call_count == 0


def test_a_failure_half_way_leaves_nothing(
    shop: SellerAccount, hanako: User, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline.statements, "copy_deliveries", Mock(side_effect=DatabaseError("gone")))

    with pytest.raises(DatabaseError):
        notify_many(source, [event(shop, "claim_opened"), event(shop, "listing_created")])

    assert (Notification.objects.count(), SkippedRoute.objects.count()) == (0, 0)


@pytest.mark.parametrize("number", [1, 3])
def test_a_batch_costs_the_same_number_of_queries(
    hanako: User,
    shop: SellerAccount,
    source: Source,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    notify_many(source, [event(shop, "claim_opened")])
    orders = Address.objects.create(account=shop, email="orders@ok.test", state=AddressState.ACTIVE)
    choose(shop, "return_requested", orders)
    events = [event(shop, key) for key in ("claim_opened", "return_requested") for _i in range(number)]
    queries = 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1  # savepoint, accounts, insert, choices, defaults, counters, COPY, release
    queries = 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1

    with django_assert_num_queries(queries):
        notify_many(source, events)


def test_a_hand_over_moves_the_default(shop: SellerAccount, hanako: User, taro: User, source: Source) -> None:
    Membership.objects.filter(user=hanako).update(role=Role.SECONDARY)
    Membership.objects.filter(user=taro).update(role=Role.PRIMARY)

    notify_many(source, [event(shop, "claim_opened")])

    assert Delivery.objects.get().recipient == "taro@ok.test"


@pytest.mark.django_db(transaction=True)
def test_an_account_removed_meanwhile_is_looked_for_again(
    shop: SellerAccount, hanako: User, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = pipeline.routing_facts.accounts
    removed_in_between = Mock(side_effect=[{shop.public_id: pipeline.Account(999_999, "professional", "ja")}])
    monkeypatch.setattr(
        pipeline.routing_facts,
        "accounts",
        lambda ids, *, hold: found(ids, hold=hold) if removed_in_between.called else removed_in_between(),
    )

    results = notify_many(source, [event(shop, "listing_created", "a")])

    assert results == [Accepted(Notification.objects.get(event_id="a", account=shop).pk)]
    assert connection.in_atomic_block is False
