"""The primary user hears by another road that e-mail fails, once a day."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from notifications import address_health, line_bot
from notifications.address_health.seller_notices import enqueue_notices
from notifications.models import Address, FailureNotice, LineLink, LineNotice, LineUser
from notifications.types.enums import AddressState, LinkOrigin, LinkState

pytestmark = pytest.mark.django_db


@pytest.fixture
def failing(shop, hanako) -> Address:
    return Address.objects.create(
        account=shop, email="orders@ok.test", state=AddressState.FAILING, failure="mailbox_full"
    )


@pytest.fixture
def link(shop, hanako) -> LineLink:
    person = LineUser.objects.create(
        user_id="U1", name="花子", language="ja", followed_at=timezone.now(), profile_at=timezone.now()
    )
    return LineLink.objects.create(
        account=shop, line_user=person, linked_by=hanako, way=LinkOrigin.CHAT, state=LinkState.LIVE
    )


def send() -> None:
    FailureNotice.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    address_health.send_due_notices()


def test_one_mail_to_the_primary_user_names_all_that_fail(shop, failing):
    second = Address.objects.create(
        account=shop, email="stock@ok.test", state=AddressState.FAILING, failure="unknown_user"
    )
    enqueue_notices(failing)
    enqueue_notices(second)

    send()
    send()

    [letter] = mail.outbox
    assert letter.to == ["hanako@ok.test"]
    assert "orders@ok.test：メールボックスの容量がいっぱいです。" in letter.body
    assert "stock@ok.test" in letter.body


def test_it_waits_a_little_for_what_else_fails(failing):
    enqueue_notices(failing)

    address_health.send_due_notices()

    assert mail.outbox == []


def test_the_next_day_there_may_be_another(failing):
    enqueue_notices(failing)
    send()
    FailureNotice.objects.update(day=timezone.localdate() - timedelta(days=1))

    enqueue_notices(failing)
    send()

    assert len(mail.outbox) == 2


def test_it_goes_to_an_address_of_the_primary_user_that_works(shop, hanako, failing):
    Address.objects.create(account=shop, email="Hanako@ok.test", state=AddressState.FAILING, failure="mailbox_full")
    EmailAddress.objects.create(user=hanako, email="private@ok.test", verified=True)
    enqueue_notices(failing)

    send()

    assert [letter.to for letter in mail.outbox] == [["private@ok.test"]]


def test_with_no_address_that_works_nothing_is_sent_into_the_void(shop, hanako, failing):
    Address.objects.create(account=shop, email="hanako@ok.test", state=AddressState.FAILING, failure="mailbox_full")
    EmailAddress.objects.create(user=hanako, email="unverified@ok.test", verified=False)
    enqueue_notices(failing)

    send()

    assert mail.outbox == []
    assert not FailureNotice.objects.exclude(due_at=None).exists()


def test_what_was_repaired_meanwhile_is_not_told(failing):
    enqueue_notices(failing)
    Address.objects.update(state=AddressState.ACTIVE, failure="")

    send()

    assert mail.outbox == []


def test_line_tells_it_once_a_day_too(shop, failing, link):
    enqueue_notices(failing)
    enqueue_notices(failing)
    address_health.send_due_notices()
    address_health.send_due_notices()

    notice = LineNotice.objects.get()
    assert (notice.kind, notice.link) == (LineNotice.Kind.EMAIL_FAILS, link)
    words = line_bot.notices._words(notice)
    assert "orders@ok.test" in words.alt_text
    Address.objects.update(state=AddressState.ACTIVE, failure="")
    assert line_bot.notices._words(notice) is None


@pytest.mark.parametrize("state", [LinkState.BLOCKED, LinkState.WAITING, LinkState.UNBLOCKED])
def test_line_tells_nothing_where_nothing_arrives(failing, link, state):
    LineLink.objects.update(state=state)

    enqueue_notices(failing)
    address_health.send_due_notices()

    assert not LineNotice.objects.exists()
