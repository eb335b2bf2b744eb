"""What sellers can do about a failing address, and who can."""

import pytest
from django.core import mail
from django.urls import reverse

from notifications import tasks
from notifications.models import Address, AddressTestMessage, Delivery, Notification, Replay, Source
from notifications.recipients import email_addresses, preferences
from notifications.recipients.preferences import PreferenceInput
from notifications.types.enums import AddressState, DeliveryStatus
from notifications.types.payloads.samples import SAMPLES

pytestmark = pytest.mark.django_db


@pytest.fixture
def failing(shop, hanako) -> Address:
    [address] = email_addresses.add_missing(shop, ["orders@ok.test"], by=hanako)
    preferences.save(shop, {"order_confirmed": PreferenceInput(email=True, addresses=(address.pk,))}, by=hanako)
    Address.objects.filter(pk=address.pk).update(
        state=AddressState.FAILING, failure="mailbox_full", failure_answer="552 5.2.2 Mailbox full"
    )
    address.refresh_from_db()
    return address


@pytest.fixture
def held(failing) -> Delivery:
    source = Source.objects.create(name="Marketplace")
    notification = Notification.objects.create(
        account=failing.account,
        source=source,
        event_id="1",
        type="order_confirmed",
        occurred_at=failing.added_at,
        data=SAMPLES["order_confirmed"],
    )
    return Delivery.objects.create(
        notification=notification,
        channel="email",
        address=failing,
        recipient=failing.email,
        language="ja",
        status=DeliveryStatus.HELD,
        cause="mailbox_full",
    )


@pytest.fixture
def as_hanako(client, hanako):
    client.force_login(hanako)
    return client


def url(name: str, address: Address) -> str:
    return reverse(f"notifications:{name}", args=[address.account.public_id, address.pk])


def test_reset_makes_it_active_and_leads_to_what_was_held(as_hanako, failing, held):
    answer = as_hanako.post(url("reset_address", failing))

    failing.refresh_from_db()
    assert answer["Location"] == url("held", failing)
    assert (failing.state, failing.failure, failing.failure_answer) == (AddressState.ACTIVE, "", "")
    assert failing.trusted_since > failing.added_at


def test_a_second_reset_says_that_there_is_nothing_to_reset(as_hanako, failing):
    as_hanako.post(url("reset_address", failing))

    page = as_hanako.post(url("reset_address", failing), follow=True)

    assert "リセットの必要はありません" in page.content.decode()


@pytest.mark.parametrize("name", ["reset_address", "replay", "test_address"])
def test_looking_changes_nothing(as_hanako, failing, held, name):
    assert as_hanako.get(url(name, failing)).status_code == 405
    failing.refresh_from_db()
    assert failing.state == AddressState.FAILING


@pytest.mark.parametrize("name", ["reset_address", "fix_address", "replay", "test_address"])
def test_a_secondary_user_without_the_right_may_look_only(client, taro, failing, held, name):
    client.force_login(taro)

    refused = client.post(url(name, failing), {"mode": "all", "email": "new@ok.test"})
    page = client.get(url("held", failing))

    failing.refresh_from_db()
    held.refresh_from_db()
    assert refused.status_code == 403
    assert (failing.state, held.status) == (AddressState.FAILING, DeliveryStatus.HELD)
    assert not Replay.objects.exists()
    assert page.status_code == 200
    assert url(name, failing) not in page.content.decode()


@pytest.mark.parametrize("name", ["reset_address", "fix_address", "held", "replay", "test_address"])
def test_another_shop_s_address_does_not_exist(client, mika, other_shop, failing, name):
    client.force_login(mika)
    theirs = reverse(f"notifications:{name}", args=[other_shop.public_id, failing.pk])

    answer = client.get(theirs) if name in ("held", "fix_address") else client.post(theirs)

    assert answer.status_code == 404
    failing.refresh_from_db()
    assert failing.state == AddressState.FAILING


def test_a_new_address_takes_its_place_everywhere_and_takes_what_was_held_along(as_hanako, shop, failing, held):
    as_hanako.post(url("fix_address", failing), {"email": "ｎｅｗ@OK.test "})
    tasks.send_settings_mail()

    new = Address.objects.get(email="new@ok.test")
    held.refresh_from_db()
    choice = preferences.load_all(shop)["order_confirmed"]
    assert choice.addresses == (new.pk,)
    assert (held.address, held.recipient, held.status) == (new, "new@ok.test", DeliveryStatus.HELD)
    assert new.state == AddressState.UNCONFIRMED
    assert [letter.to for letter in mail.outbox] == [["new@ok.test"]]
    assert not Address.objects.filter(pk=failing.pk).exists()


def test_an_address_that_is_there_already_is_not_named_twice(as_hanako, shop, hanako, failing):
    [other] = email_addresses.add_missing(shop, ["other@ok.test"], by=hanako)
    email_addresses.confirm(other)
    wish = PreferenceInput(email=True, addresses=(failing.pk, other.pk), seen_version=1)
    preferences.save(shop, {"order_confirmed": wish}, by=hanako)

    as_hanako.post(url("fix_address", failing), {"email": "other@ok.test"})

    assert preferences.load_all(shop)["order_confirmed"].addresses == (other.pk,)


@pytest.mark.parametrize(("typed", "word"), [("", "入力"), ("nobody", "@"), ("orders@ok.test", "別のメールアドレス")])
def test_what_cannot_take_its_place_is_refused_with_a_reason(as_hanako, shop, failing, typed, word):
    page = as_hanako.post(url("fix_address", failing), {"email": typed})

    assert page.status_code == 422
    assert word in page.content.decode()
    assert Address.objects.filter(account=shop).exclude(pk=failing.pk).filter(email="new@ok.test").count() == 0
    assert preferences.load_all(shop)["order_confirmed"].addresses == (failing.pk,)


def test_the_page_says_why_and_what_to_do(as_hanako, failing, held):
    page = as_hanako.get(url("held", failing)).content.decode()

    for words in ("容量がいっぱいです", "空き容量を確保", "552 5.2.2 Mailbox full", "1件の通知を保留しています"):
        assert words in page


def test_an_unknown_choice_does_nothing(as_hanako, failing, held):
    Address.objects.update(state=AddressState.ACTIVE)

    as_hanako.post(url("replay", failing), {"mode": "shred"})

    assert not Replay.objects.exists()


def test_a_test_mail_arrives(as_hanako, failing):
    as_hanako.post(url("test_address", failing))
    tasks.send_settings_mail()

    assert [letter.to for letter in mail.outbox] == [["orders@ok.test"]]
    assert not AddressTestMessage.objects.exists()


def test_nobody_is_tested_who_did_not_agree(as_hanako, failing):
    Address.objects.update(state=AddressState.UNCONFIRMED)

    as_hanako.post(url("test_address", failing))

    assert not AddressTestMessage.objects.exists()


def test_tests_are_limited(as_hanako, failing):
    for _number in range(12):
        as_hanako.post(url("test_address", failing))

    assert AddressTestMessage.objects.count() == 10


def test_the_settings_are_marked_while_an_address_fails(as_hanako, shop, failing):
    marked = as_hanako.get(reverse("home", args=[shop.public_id])).content.decode()
    as_hanako.post(url("reset_address", failing))
    after = as_hanako.get(reverse("home", args=[shop.public_id])).content.decode()

    assert "配信エラーのメールアドレスがあります" in marked
    assert "配信エラーのメールアドレスがあります" not in after


def test_the_address_that_somebody_signs_in_with_stays_when_another_takes_its_place(as_hanako, shop, hanako):
    [default] = email_addresses.default_addresses([shop.pk]).values()
    Address.objects.update(state=AddressState.FAILING, failure="mailbox_full")

    as_hanako.post(url("fix_address", default), {"email": "new@ok.test"})

    assert set(Address.objects.values_list("email", "state")) == {
        ("hanako@ok.test", AddressState.FAILING),
        ("new@ok.test", AddressState.UNCONFIRMED),
    }


def test_an_address_that_fails_as_well_takes_nobody_s_place(as_hanako, shop, hanako, failing):
    [other] = email_addresses.add_missing(shop, ["other@ok.test"], by=hanako)
    Address.objects.filter(pk=other.pk).update(state=AddressState.FAILING, failure="unknown_user")

    page = as_hanako.post(url("fix_address", failing), {"email": "other@ok.test"})

    assert page.status_code == 422
    assert preferences.load_all(shop)["order_confirmed"].addresses == (failing.pk,)


def test_what_the_new_address_had_already_does_not_arrive_there_again(as_hanako, shop, hanako, failing, held):
    [other] = email_addresses.add_missing(shop, ["other@ok.test"], by=hanako)
    email_addresses.confirm(other)
    Delivery.objects.create(
        notification=held.notification,
        channel="email",
        address=other,
        recipient=other.email,
        language="ja",
        status=DeliveryStatus.SENT,
    )

    as_hanako.post(url("fix_address", failing), {"email": "other@ok.test"})

    held.refresh_from_db()
    assert (held.status, held.address) == (DeliveryStatus.CANCELLED, None)


def test_what_was_held_for_an_address_that_is_removed_is_not_held_for_ever(as_hanako, failing, held):
    asked = as_hanako.get(url("remove_address", failing)).content.decode()
    as_hanako.post(url("remove_address", failing))

    held.refresh_from_db()
    assert "1件の通知を保留しています" in asked
    assert held.status == DeliveryStatus.CANCELLED
