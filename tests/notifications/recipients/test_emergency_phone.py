"""The emergency phone: how people write it, who is told, who sees it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation

from accounts.rule_violation import RuleViolationError
from notifications import tasks
from notifications.channels.registry import return_path
from notifications.models import EmergencyContact, EmergencyNotice
from notifications.recipients import email_addresses, emergency_phone
from notifications.web import activity_log


@pytest.mark.parametrize(
    ("typed", "kept", "shown", "masked"),
    [
        ("090-1234-5678", "+819012345678", "090-1234-5678", "***-****-5678"),
        ("+81 90 1234 5678", "+819012345678", "090-1234-5678", "***-****-5678"),
        ("０９０－１２３４－５６７８", "+819012345678", "090-1234-5678", "***-****-5678"),
        ("(03) 3210-7000", "+81332107000", "03-3210-7000", "**-****-7000"),
        ("+44 20 7946 0958", "+442079460958", "+44 20 7946 0958", "+** ** **** 0958"),
        ("010 1 650 253 0000", "+16502530000", "+1 650-253-0000", "+* ***-***-0000"),
    ],
)
def test_numbers_as_people_write_them(typed, kept, shown, masked):
    number = emergency_phone.parse(typed)

    assert (number.as_e164, emergency_phone.shown(number), emergency_phone.masked(number)) == (kept, shown, masked)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hello",
        "110",
        "090-1234-567",
        "090-1234-56789",
        "+81 1",
        "+999 1234567",
        "03-3210-7000 ext. 5",
        "1" * 80,
    ],
)
def test_wrong_numbers_are_refused_with_a_sentence(typed):
    with pytest.raises(RuleViolationError) as refusal:
        emergency_phone.parse(typed)

    assert len(str(refusal.value)) > 5


def test_a_change_is_told_to_the_primary_user_without_the_whole_number(client, shop, hanako, taro):
    taro.memberships.update(edits_notifications=True)
    client.force_login(taro)
    url = reverse("notifications:emergency", args=[shop.public_id])

    assert client.post(url, {"phone": "12"}).status_code == 422
    assert client.post(url, {"phone": "０９０１２３４５６７８"}).status_code == 302
    tasks.send_settings_mail()
    tasks.send_settings_mail()

    [message] = mail.outbox
    whole = message.body + message.alternatives[0].content
    assert message.to == [hanako.email]
    assert "***-****-5678" in whole
    assert "1234-5678" not in whole
    assert "9012345678" not in whole
    assert EmergencyNotice.objects.count() == 0
    assert EmergencyContact.objects.get().changed_by == taro


def test_a_notice_that_comes_back_names_the_address(shop, hanako, settings):
    settings.BOUNCE_DOMAIN = "bounce.hub.test"
    address = email_addresses.default_addresses([shop.pk])[shop.pk]
    emergency_phone.set_phone(shop, emergency_phone.parse("090-1234-5678"), by=hanako)

    tasks.send_settings_mail()

    [message] = mail.outbox
    left = return_path().read(message.from_email)
    assert left is not None
    assert left.delivery_id == address.pk
    assert message.extra_headers["From"].endswith("<no-reply@127.0.0.1>")


def test_a_notice_to_an_address_that_the_shop_does_not_have_is_sent_plainly(shop, hanako, settings):
    settings.BOUNCE_DOMAIN = "bounce.hub.test"
    emergency_phone.set_phone(shop, emergency_phone.parse("090-1234-5678"), by=hanako)

    tasks.send_settings_mail()

    [message] = mail.outbox
    assert "bounce+" not in message.from_email


def test_the_mail_is_in_the_primary_users_language(shop, hanako, taro):
    hanako.language = "en"
    hanako.save()
    emergency_phone.set_phone(shop, emergency_phone.parse("090-1234-5678"), by=taro)

    tasks.send_settings_mail()

    assert mail.outbox[0].subject == "The emergency phone of 花子の器 was changed"


def test_of_quick_changes_the_last_is_told(shop, hanako):
    emergency_phone.set_phone(shop, emergency_phone.parse("090-1234-5678"), by=hanako)
    emergency_phone.remove(shop, by=hanako)

    tasks.send_settings_mail()

    assert len(mail.outbox) == 1
    assert "5678" not in mail.outbox[0].body


def test_a_server_that_is_away_is_asked_again(shop, hanako, monkeypatch):
    def away(*arguments: object) -> None:
        raise TimeoutError

    emergency_phone.set_phone(shop, emergency_phone.parse("090-1234-5678"), by=hanako)
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)

    tasks.send_settings_mail()

    notice = EmergencyNotice.objects.get()
    assert notice.tries == 1
    assert notice.due_at > timezone.now()


def test_the_same_number_again_only_confirms_it(shop, hanako):
    number = emergency_phone.parse("090-1234-5678")
    emergency_phone.set_phone(shop, number, by=hanako)
    EmergencyNotice.objects.all().delete()
    EmergencyContact.objects.update(confirmed_at=timezone.now() - timedelta(days=300))

    assert emergency_phone.set_phone(shop, number, by=hanako) is False

    assert (timezone.now() - EmergencyContact.objects.get().confirmed_at).days == 0
    assert EmergencyNotice.objects.count() == 0


def test_still_right_and_history_never_show_the_number(client, shop, hanako):
    client.force_login(hanako)
    emergency_phone.set_phone(shop, emergency_phone.parse("090-1234-5678"), by=hanako)
    emergency_phone.set_phone(shop, emergency_phone.parse("03-3210-7000"), by=hanako)
    client.post(reverse("notifications:confirm_emergency", args=[shop.public_id]))
    client.post(reverse("notifications:remove_emergency", args=[shop.public_id]))

    with translation.override("en"):
        told = [activity_log.sentence(entry) for entry in activity_log.latest(shop, limit=10)]
    assert told == [
        "山田 花子 removed the emergency phone **-****-7000.",
        "山田 花子 confirmed the emergency phone.",
        "山田 花子 changed the emergency phone from ***-****-5678 to **-****-7000.",
        "山田 花子 entered the emergency phone ***-****-5678.",
    ]
    assert EmergencyContact.objects.count() == 0


def test_without_a_number_nothing_can_be_confirmed_or_removed(client, shop, hanako):
    client.force_login(hanako)

    client.post(reverse("notifications:confirm_emergency", args=[shop.public_id]))
    client.post(reverse("notifications:remove_emergency", args=[shop.public_id]))

    assert shop.history.count() == 0
    assert EmergencyNotice.objects.count() == 0


def test_other_shops_and_members_without_the_right(client, shop, other_shop, hanako, taro, mika):
    emergency_phone.set_phone(shop, emergency_phone.parse("090-1234-5678"), by=hanako)
    names = ("emergency", "confirm_emergency", "remove_emergency")

    client.force_login(mika)
    assert [client.post(reverse(f"notifications:{name}", args=[shop.public_id])).status_code for name in names] == [
        404,
        404,
        404,
    ]
    page = client.get(reverse("notifications:options", args=[other_shop.public_id]))
    assert "1234-5678" not in page.content.decode()
    client.force_login(taro)
    assert [client.post(reverse(f"notifications:{name}", args=[shop.public_id])).status_code for name in names] == [
        403,
        403,
        403,
    ]
    assert EmergencyContact.objects.get().phone == emergency_phone.parse("090-1234-5678")
