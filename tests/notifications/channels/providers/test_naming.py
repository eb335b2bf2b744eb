"""Which delivery an event names; what names none of ours stops no address."""

import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from notifications import address_health
from notifications.models import Address, Delivery, MailReport
from notifications.types.enums import AddressState, Channel
from tests import provider_world as world

pytestmark = pytest.mark.django_db

TO = "hanako@ok.test"


def test_the_return_path_names_the_try_to_the_millisecond(call, sent):
    row = sent()
    left = (timezone.now() - timedelta(days=2)).replace(microsecond=5000)

    call("amazon_ses", world.sns(world.ses("Bounce", to="alias@elsewhere.test", source=world.sender(row.pk, left))))

    report = MailReport.objects.get()
    assert (report.delivery_id, report.address_id, report.sent_at) == (row.pk, row.address_id, left)
    assert (report.way, report.recipient) == ("amazon_ses", "alias@elsewhere.test")


def test_our_header_names_it_where_amazon_includes_headers(call, sent):
    row = sent()
    headers = [{"name": "From", "value": "SellerHub"}, {"name": "X-SellerHub-Delivery", "value": str(row.pk)}]

    call("amazon_ses", world.sns(world.ses("Bounce", to=TO, headers=headers)))

    report = MailReport.objects.get()
    assert (report.delivery_id, report.sent_at) == (row.pk, row.completed_at)


def test_news_of_an_earlier_try_are_placed_at_their_own_moment(call, sent):
    row = sent()
    yesterday = int((timezone.now() - timedelta(days=1)).timestamp())

    call("sendgrid", [world.sendgrid_bounce(row.pk, to=TO, timestamp=yesterday)])

    assert int(MailReport.objects.get().sent_at.timestamp()) == yesterday


def test_what_is_not_settled_is_placed_at_the_moment_of_the_event(call, sent):
    row = sent()
    Delivery.objects.update(completed_at=None)
    before = timezone.now()

    call("sendgrid", [world.sendgrid_bounce(row.pk, to=TO, timestamp=int(before.timestamp()) + 90_000)])

    assert before <= MailReport.objects.get().sent_at <= timezone.now()


@pytest.mark.parametrize(
    "name",
    [
        {"smtp-id": f"<{uuid4()}@{world.DOMAIN}>"},
        {"smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>"},
        {"smtp-id": None},
        {"smtp-id": 7},
        {"smtp-id": ["a"]},
    ],
)
def test_what_names_no_delivery_of_ours_is_counted_and_kept_out(call, sent, name, caplog):
    sent()
    caplog.set_level(logging.INFO)

    assert call("sendgrid", [world.sendgrid_bounce(uuid4(), to=TO) | name]) == 200

    address_health.assess_due()
    assert not MailReport.objects.exists()
    assert Address.objects.get(email=TO).state == AddressState.ACTIVE
    assert "sendgrid told of 1 mails that are not ours" in caplog.text
    assert TO not in caplog.text


def test_a_message_id_under_another_domain_is_not_ours(call, sent):
    call("sendgrid", [world.sendgrid_bounce(0, to=TO) | {"smtp-id": f"<{sent().pk}@evil.test>"}])

    assert not MailReport.objects.exists()


def test_a_forged_return_path_names_nothing(call, sent):
    forged = world.sender(sent().pk).replace("@", "x@", 1)

    call("amazon_ses", world.sns(world.ses("Bounce", to=TO, source=forged)))

    assert not MailReport.objects.exists()


def test_a_delivery_by_line_is_no_mail(call, sent):
    row = sent()
    Delivery.objects.update(channel=Channel.LINE)

    call("sendgrid", [world.sendgrid_bounce(row.pk, to=TO)])

    assert not MailReport.objects.exists()


def test_an_event_moves_only_the_address_of_the_delivery_that_it_names(call, sent, other_shop):
    row = sent("hanako@ok.test")
    mikas = Address.objects.create(account=other_shop, email="hanako@ok.test", state=AddressState.ACTIVE)

    call("sendgrid", [world.sendgrid_bounce(row.pk, to=mikas.email)])
    address_health.assess_due()

    mikas.refresh_from_db()
    row.address.refresh_from_db()
    assert (row.address.state, mikas.state) == (AddressState.FAILING, AddressState.ACTIVE)
