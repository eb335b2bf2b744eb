"""The address book: adding, confirming, removing, and the default address."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone, translation
from redis.exceptions import ConnectionError as CacheConnectionError

from accounts.models import Membership, SellerAccount
from accounts.roles import Role
from accounts.rule_violation import RuleViolationError
from notifications import tasks
from notifications.models import Address
from notifications.queue import outbox
from notifications.recipients import email_addresses, preferences
from notifications.recipients.email_addresses import LinkState
from notifications.recipients.email_addresses.confirmation import token_for
from notifications.recipients.preferences import PreferenceInput
from notifications.types.enums import AddressState


@pytest.fixture
def office(shop, hanako) -> Address:
    """An unconfirmed address of Hanako's shop."""
    return email_addresses.add(shop, "office@ok.test", by=hanako)


def due(address: Address) -> bool:
    return Address.objects.get(pk=address.pk).confirmation_due_at is not None


def state(address: Address) -> str:
    return Address.objects.get(pk=address.pk).state


def test_a_new_address_waits_and_is_owed_a_mail(office, shop, hanako):
    assert state(office) == AddressState.UNCONFIRMED
    assert due(office)
    assert [(entry.action, entry.actor) for entry in shop.history.all()] == [("address.added", hanako)]


def test_without_confirmation_it_is_active_at_once(shop, hanako, settings):
    settings.ADDRESS_CONFIRMATION = "off"
    office = email_addresses.add(shop, "office@ok.test", by=hanako)

    tasks.send_settings_mail()

    assert state(office) == AddressState.ACTIVE
    assert mail.outbox == []


def test_the_same_address_in_other_case_is_not_added_twice(office, shop, hanako):
    with pytest.raises(RuleViolationError):
        email_addresses.add(shop, "OFFICE@ok.test", by=hanako)

    assert email_addresses.add_missing(shop, ["OFFICE@ok.test"], by=hanako) == [office]
    assert Address.objects.count() == 1


def test_two_shops_may_have_the_same_address(office, other_shop, mika):
    email_addresses.add(other_shop, "office@ok.test", by=mika)

    assert Address.objects.filter(email="office@ok.test").count() == 2


def test_a_shop_has_room_for_so_many(shop, hanako):
    Address.objects.bulk_create(Address(account=shop, email=f"n{number}@ok.test") for number in range(99))
    email_addresses.add(shop, "last@ok.test", by=hanako)

    with pytest.raises(RuleViolationError):
        email_addresses.add(shop, "more@ok.test", by=hanako)

    assert Address.objects.count() == 100


def test_the_confirmation_mail_leaves_once_in_the_shops_language(office):
    tasks.send_settings_mail()
    tasks.send_settings_mail()

    [message] = mail.outbox
    assert message.to == ["office@ok.test"]
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "花子の器" in message.subject
    assert "/addresses/confirm/" in message.body
    assert "office" not in message.body.split("/addresses/confirm/")[1].split()[0]
    assert not due(office)
    assert Address.objects.get(pk=office.pk).confirmation_sent_at is not None


def test_an_addresss_own_language_wins(shop, hanako):
    email_addresses.add(shop, "london@ok.test", by=hanako, language="en")

    tasks.send_settings_mail()

    assert mail.outbox[0].subject == "Confirm this address for notifications of 花子の器"


def test_old_carrier_addresses_are_written_to(shop, hanako):
    email_addresses.add(shop, email_addresses.normalise("ha..nako.@docomo.ne.jp"), by=hanako)

    tasks.send_settings_mail()

    assert mail.outbox[0].to == ['"ha..nako."@docomo.ne.jp']


def test_a_server_that_is_away_is_asked_again_later(office, monkeypatch):
    def away(*arguments: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch, time_machine.travel(timezone.now(), tick=False):
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)
        tasks.send_settings_mail()
    tasks.send_settings_mail()
    assert mail.outbox == []
    assert due(office)

    with time_machine.travel(timezone.now() + outbox.RETRY_AFTER[0]):
        tasks.send_settings_mail()

    assert len(mail.outbox) == 1
    assert not due(office)


def test_after_the_last_try_it_is_given_up(office, monkeypatch):
    def away(*arguments: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)
    at = timezone.now()

    for number, wait in enumerate([*outbox.RETRY_AFTER, timedelta()]):
        assert due(office), number
        with time_machine.travel(at, tick=False):
            tasks.send_settings_mail()
        at += wait

    assert not due(office)
    assert state(office) == AddressState.UNCONFIRMED


def test_a_mail_asked_for_while_one_is_being_sent_is_still_owed(office, monkeypatch):
    asked_at = timezone.now() - timedelta(seconds=1)

    def send(*arguments: object) -> None:
        Address.objects.filter(pk=office.pk).update(confirmation_due_at=asked_at)

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send)
    email_addresses.send_due_confirmations()

    assert Address.objects.get(pk=office.pk).confirmation_due_at == asked_at


def test_an_address_that_the_server_refuses_is_given_up_with_its_words(office, monkeypatch):
    def refuse(*arguments: object) -> None:
        raise SMTPRecipientsRefused({"office@ok.test": (550, b"5.1.1 no such user")})

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)

    tasks.send_settings_mail()

    assert not due(office)
    assert Address.objects.get(pk=office.pk).confirmation_answer == "550 5.1.1 no such user"


def test_looking_at_the_link_confirms_nothing_and_the_button_does(client, office, shop):
    url = reverse("notifications:confirm_address", args=[token_for(office)])

    looked = client.get(url)
    assert (looked.status_code, state(office)) == (200, AddressState.UNCONFIRMED)

    client.post(url)
    assert state(office) == AddressState.ACTIVE
    assert [entry.action for entry in shop.history.order_by("pk")] == ["address.added", "address.confirmed"]

    seen_again, again = client.get(url), client.post(url)
    assert (seen_again.context["state"], again.context["state"]) == ("confirmed", "confirmed")
    assert shop.history.count() == 2


def test_a_click_changes_no_state_that_came_later(office, shop):
    Address.objects.filter(pk=office.pk).update(state=AddressState.FAILING)

    confirmed = email_addresses.confirm(office)

    assert confirmed is False
    assert state(office) == AddressState.FAILING
    assert [entry.action for entry in shop.history.all()] == ["address.added"]


def test_a_link_expires_after_seven_days(client, office):
    token = token_for(office)

    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=5)):
        response = client.post(reverse("notifications:confirm_address", args=[token]))

    assert (response.status_code, response.context["state"]) == (410, "expired")
    assert state(office) == AddressState.UNCONFIRMED


def test_a_link_fits_its_address_alone(client, office, shop, hanako):
    other = email_addresses.add(shop, "other@ok.test", by=hanako)
    token = token_for(office)
    forged = token.replace(office.pk.hex, other.pk.hex)

    assert email_addresses.read_link(forged) == (LinkState.UNKNOWN, None)
    assert email_addresses.read_link("nonsense") == (LinkState.UNKNOWN, None)
    Address.objects.filter(pk=office.pk).update(email="elsewhere@ok.test")
    assert email_addresses.read_link(token) == (LinkState.UNKNOWN, None)
    office.delete()
    assert client.get(reverse("notifications:confirm_address", args=[token])).status_code == 410


def test_a_link_survives_a_new_secret_key(office, settings):
    token = token_for(office)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + "k" * 60

    assert email_addresses.read_link(token)[0] is LinkState.VALID


def test_another_mail_can_be_asked_for_after_a_minute_and_five_times_a_day(office, hanako):
    with pytest.raises(RuleViolationError):
        email_addresses.request_again(office, by=hanako)

    start = timezone.now()
    for number in range(1, 5):
        with time_machine.travel(start + timedelta(minutes=2 * number)):
            email_addresses.request_again(office, by=hanako)
    with time_machine.travel(start + timedelta(minutes=20)), pytest.raises(RuleViolationError):
        email_addresses.request_again(office, by=hanako)
    with time_machine.travel(start + timedelta(days=1, minutes=20)):
        email_addresses.request_again(office, by=hanako)


def test_one_shop_has_so_many_confirmation_mails_a_day(shop, hanako, monkeypatch):
    monkeypatch.setattr("notifications.recipients.email_addresses.limits.CONFIRMATIONS_A_DAY_PER_ACCOUNT", 2)
    email_addresses.add_missing(shop, ["one@ok.test", "two@ok.test"], by=hanako)

    with pytest.raises(RuleViolationError):
        email_addresses.add(shop, "three@ok.test", by=hanako)

    assert Address.objects.filter(email="three@ok.test").count() == 0
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        email_addresses.add(shop, "three@ok.test", by=hanako)


def test_removing_and_adding_again_wins_no_further_mail(office, shop, hanako):
    email_addresses.remove(office, by=hanako)

    with pytest.raises(RuleViolationError):
        email_addresses.add(shop, "office@ok.test", by=hanako)


@pytest.fixture
def many_shops(hanako) -> list[SellerAccount]:
    return [SellerAccount.objects.create(name=f"Shop {number}", language="en") for number in range(11)]


def test_many_shops_together_write_to_a_stranger_ten_times_a_day(many_shops, hanako):
    for shop in many_shops[:10]:
        email_addresses.add(shop, "stranger@ok.test", by=hanako)

    with pytest.raises(RuleViolationError) as refusal, translation.override("en"):
        email_addresses.add(many_shops[10], "Stranger@ok.test", by=hanako)

    assert str(refusal.value) == "Stranger@ok.test was sent 5 confirmation mails today. Try again tomorrow."
    assert Address.objects.filter(account=many_shops[10]).count() == 0
    email_addresses.add(many_shops[10], "other@ok.test", by=hanako)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        email_addresses.add(many_shops[10], "stranger@ok.test", by=hanako)


def test_asking_again_counts_across_shops_too(many_shops, hanako):
    first = email_addresses.add(many_shops[0], "stranger@ok.test", by=hanako)
    for shop in many_shops[1:10]:
        email_addresses.add(shop, "stranger@ok.test", by=hanako)

    with time_machine.travel(timezone.now() + timedelta(minutes=2)), pytest.raises(RuleViolationError):
        email_addresses.request_again(first, by=hanako)


def test_while_the_cache_is_away_the_limits_of_each_shop_hold(shop, hanako, monkeypatch, caplog):
    def fail(*arguments: object, **options: object) -> None:
        raise CacheConnectionError("away")

    monkeypatch.setattr(cache, "add", fail)

    email_addresses.add_missing(shop, ["a@ok.test", "b@ok.test"], by=hanako)

    assert Address.objects.count() == 2
    assert [record.getMessage() for record in caplog.records] == [
        "Confirmation mails are not counted across shops: ConnectionError."
    ]


def test_removal_tells_which_notifications_lose_it(office, shop, hanako):
    second = email_addresses.add(shop, "second@ok.test", by=hanako)
    both, alone = (office.pk, second.pk), (office.pk,)
    preferences.save(
        shop,
        {
            "order_confirmed": PreferenceInput(email=True, addresses=both),
            "claim_opened": PreferenceInput(email=True, addresses=alone),
        },
        by=hanako,
    )

    removal = email_addresses.remove(office, by=hanako)

    choices = preferences.load_all(shop)
    assert sorted(removal.types) == ["claim_opened", "order_confirmed"]
    assert removal.back_to_default == ("claim_opened",)
    assert choices["order_confirmed"].addresses == (second.pk,)
    assert choices["claim_opened"].addresses == ()
    assert choices["claim_opened"].version == 2


def test_the_default_address_stays(client, shop, hanako):
    default = email_addresses.default_addresses([shop.pk])[shop.pk]
    client.force_login(hanako)

    response = client.post(reverse("notifications:remove_address", args=[shop.public_id, default.pk]))

    assert response.status_code == 302
    assert Address.objects.filter(pk=default.pk).exists()


def test_the_default_moves_with_the_primary_role_and_is_proven_by_sign_in(shop, hanako, taro):
    waiting = email_addresses.add(shop, "taro@ok.test", by=hanako)
    Membership.objects.filter(user=hanako).update(role=Role.SECONDARY)
    Membership.objects.filter(user=taro).update(role=Role.PRIMARY)

    default = email_addresses.default_addresses([shop.pk])[shop.pk]

    assert default == waiting
    assert state(waiting) == AddressState.ACTIVE
    assert not due(waiting)


@pytest.mark.parametrize("action", ["resend_confirmation", "address_language", "remove_address"])
def test_another_shops_address_is_not_found(client, office, other_shop, mika, action):
    client.force_login(mika)
    url = reverse(f"notifications:{action}", args=[other_shop.public_id, office.pk])

    assert client.post(url).status_code == 404
    assert Address.objects.filter(pk=office.pk, language="").exists()


def test_a_member_without_the_right_only_reads(client, office, shop, taro):
    client.force_login(taro)
    page = client.get(reverse("notifications:addresses", args=[shop.public_id]))

    assert page.status_code == 200
    assert client.post(reverse("notifications:add_address", args=[shop.public_id])).status_code == 403
    for action in ("resend_confirmation", "address_language", "remove_address"):
        url = reverse(f"notifications:{action}", args=[shop.public_id, office.pk])
        assert client.post(url).status_code == 403
        assert url not in page.content.decode()


def test_the_page_adds_and_chooses_a_language(client, shop, hanako):
    client.force_login(hanako)
    add = reverse("notifications:add_address", args=[shop.public_id])

    assert client.post(add, {"email": "nobody"}).status_code == 422
    assert client.post(add, {"email": "Ｎｅｗ＠ok.test", "language": "en"}).status_code == 302
    assert client.post(add, {"email": "new@ok.test"}).status_code == 422
    address = Address.objects.get(email="New@ok.test")
    client.post(reverse("notifications:address_language", args=[shop.public_id, address.pk]), {"language": "ja"})

    address.refresh_from_db()
    assert (address.language, address.added_by) == ("ja", hanako)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(client, shop, hanako, count, django_assert_num_queries):
    rows = email_addresses.add_missing(shop, [f"n{number}@ok.test" for number in range(count)], by=hanako)
    wish = PreferenceInput(email=True, addresses=tuple(row.pk for row in rows))
    preferences.save(shop, {"order_confirmed": wish}, by=hanako)
    client.force_login(hanako)
    url = reverse("notifications:addresses", args=[shop.public_id])
    client.get(url)

    with django_assert_num_queries(8):
        client.get(url)
