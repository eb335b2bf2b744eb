"""What it does to stop a notification at one address: routes, queued mail and the history."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone, translation

from accounts.models import SellerAccount
from accounts.rule_violation import RuleViolationError
from notifications.channels import internal_reasons
from notifications.delivery import claims
from notifications.ingest.api_keys import add_source
from notifications.ingest.pipeline import Event, notify_many
from notifications.models import Address, Delivery, SkippedRoute, Source, Unsubscription
from notifications.recipients import email_addresses, preferences
from notifications.recipients.email_addresses import OPTIONAL_TYPES, subscribe_again, unsubscribe
from notifications.recipients.preferences import PreferenceInput
from notifications.types.definitions import TYPES
from notifications.types.enums import AddressState, DeliveryStatus, Reason
from notifications.types.payloads.samples import SAMPLES
from notifications.web import activity_log


@pytest.fixture
def source(db) -> Source:
    return add_source("Marketplace")[0]


@pytest.fixture
def office(shop, hanako) -> Address:
    """Receives order notifications together with the default address."""
    office = Address.objects.create(account=shop, email="office@ok.test", state=AddressState.ACTIVE)
    default = email_addresses.default_addresses([shop.pk])[shop.pk]
    for key in ("order_confirmed", "claim_opened", "account_at_risk"):
        preferences.save(shop, {key: PreferenceInput(email=True, addresses=(office.pk, default.pk))}, by=hanako)
    return office


def tell(shop: SellerAccount, source: Source, *keys: str) -> None:
    """One event of each type; of orders another one each time."""
    now = timezone.now()
    for key in keys:
        data = SAMPLES[key] | ({"order_id": str(uuid4())} if key == "order_confirmed" else {})
        notify_many(source, [Event(str(uuid4()), shop.public_id, key, now, data)])


def sentences(shop: SellerAccount, language: str = "en") -> list[str]:
    with translation.override(language):
        return [activity_log.sentence(entry) for entry in activity_log.latest(shop, limit=10)]


def test_the_next_one_goes_to_colleagues_only(shop, office, source):
    unsubscribe(office, ["order_confirmed"])

    tell(shop, source, "order_confirmed", "claim_opened", "account_at_risk")

    assert sorted(Delivery.objects.values_list("notification__type", "recipient")) == [
        ("account_at_risk", "hanako@ok.test"),
        ("account_at_risk", "office@ok.test"),
        ("claim_opened", "hanako@ok.test"),
        ("claim_opened", "office@ok.test"),
        ("order_confirmed", "hanako@ok.test"),
    ]
    assert list(SkippedRoute.objects.filter(channel="email").values_list("reason", "recipient")) == [
        (Reason.UNSUBSCRIBED, "office@ok.test")
    ]


def test_what_waits_is_cancelled_and_nothing_else(shop, office, source):
    tell(shop, source, "order_confirmed", "claim_opened")

    unsubscribe(office, ["order_confirmed"])

    rows = Delivery.objects.order_by("notification__type", "recipient")
    assert list(rows.values_list("notification__type", "recipient", "status", "answer")) == [
        ("claim_opened", "hanako@ok.test", DeliveryStatus.QUEUED, ""),
        ("claim_opened", "office@ok.test", DeliveryStatus.QUEUED, ""),
        ("order_confirmed", "hanako@ok.test", DeliveryStatus.QUEUED, ""),
        ("order_confirmed", "office@ok.test", DeliveryStatus.CANCELLED, internal_reasons.UNSUBSCRIBED),
    ]
    assert [row.completed_at is not None for row in rows] == [False, False, False, True]


def test_what_was_held_for_the_address_is_not_sent_after_its_repair(shop, office, source):
    Address.objects.filter(pk=office.pk).update(state=AddressState.FAILING, failure="mailbox_full")
    tell(shop, source, "order_confirmed", "claim_opened", "account_at_risk")

    unsubscribe(office, ["order_confirmed"])

    held = Delivery.objects.filter(address=office).order_by("notification__type")
    assert list(held.values_list("notification__type", "status")) == [
        ("account_at_risk", DeliveryStatus.HELD),
        ("claim_opened", DeliveryStatus.HELD),
        ("order_confirmed", DeliveryStatus.CANCELLED),
    ]


def test_what_a_worker_has_claimed_is_the_worker_s(shop, office, source):
    tell(shop, source, "order_confirmed")
    claims.claim(10, length=timedelta(minutes=1))

    unsubscribe(office, ["order_confirmed"])

    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.QUEUED}


def test_twice_is_as_once(shop, office):
    assert unsubscribe(office, ["order_confirmed"]) == ("order_confirmed",)
    at = Unsubscription.objects.get().at
    assert unsubscribe(office, ["order_confirmed"]) == ()

    assert Unsubscription.objects.get().at == at
    assert shop.history.filter(action="address.unsubscribed").count() == 1


def test_what_is_required_is_refused_with_all_the_rest(shop, office):
    with pytest.raises(RuleViolationError):
        unsubscribe(office, ["order_confirmed", "account_at_risk"])

    assert not Unsubscription.objects.exists()
    assert not shop.history.filter(action="address.unsubscribed").exists()


def test_an_address_that_was_removed_meanwhile_is_no_accident(shop, office):
    email_addresses.remove(Address.objects.get(pk=office.pk), by=shop.memberships.get(role="primary").user)

    with pytest.raises(Address.DoesNotExist):
        unsubscribe(office, ["order_confirmed"])
    with pytest.raises(Address.DoesNotExist):
        subscribe_again(office, ["order_confirmed"])


def test_it_comes_again(shop, office, source, hanako):
    unsubscribe(office, ["order_confirmed", "claim_opened"])

    assert subscribe_again(office, ["order_confirmed", "business_update"], by=hanako) == ("order_confirmed",)
    tell(shop, source, "order_confirmed", "claim_opened")

    to_office = Delivery.objects.filter(recipient="office@ok.test")
    assert list(to_office.values_list("notification__type", flat=True)) == ["order_confirmed"]


def test_the_members_read_what_happened(shop, office, hanako):
    unsubscribe(office, ["claim_opened", "order_confirmed"])
    unsubscribe(office, OPTIONAL_TYPES)
    subscribe_again(office, ["order_confirmed"])
    subscribe_again(office, ["claim_opened"], by=hanako)

    assert sentences(shop)[:4] == [
        "山田 花子 had these notifications sent to office@ok.test again: Claim opened.",
        "From a mail, these notifications to office@ok.test were taken up again: Order confirmed.",
        "From a mail, all optional notifications to office@ok.test were stopped.",
        "From a mail, these notifications to office@ok.test were stopped: Order confirmed, Claim opened.",
    ]


def test_to_choose_the_address_anew_does_not_take_it_back(shop, office, source, hanako):
    unsubscribe(office, ["order_confirmed"])

    preferences.save(shop, {"order_confirmed": PreferenceInput(email=False, addresses=(), seen_version=1)}, by=hanako)
    wish = PreferenceInput(email=True, addresses=(office.pk,), seen_version=2)
    preferences.save(shop, {"order_confirmed": wish}, by=hanako)
    tell(shop, source, "order_confirmed")

    assert not Delivery.objects.exists()
    assert SkippedRoute.objects.get().reason == Reason.UNSUBSCRIBED


def test_the_same_address_of_another_shop_is_not_touched(shop, office, other_shop, mika, source):
    theirs = Address.objects.create(account=other_shop, email="office@ok.test", state=AddressState.ACTIVE)
    preferences.save(other_shop, {"order_confirmed": PreferenceInput(email=True, addresses=(theirs.pk,))}, by=mika)

    unsubscribe(office, OPTIONAL_TYPES)
    tell(other_shop, source, "order_confirmed")

    assert Delivery.objects.get().recipient == "office@ok.test"
    assert not theirs.unsubscriptions.exists()


def test_all_optional_types_are_all_that_are_not_required():
    rest = {key for key in TYPES if key not in OPTIONAL_TYPES}
    assert rest == {key for key, kind in TYPES.items() if kind.required}
