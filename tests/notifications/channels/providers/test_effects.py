"""From a provider's call to an address that rests, and what becomes of its notifications."""

import pytest

from notifications import address_health, delivery, tasks
from notifications.models import Address, Delivery, MailReport
from notifications.types.enums import AddressState, DeliveryStatus
from tests import provider_world as world
from tests.notifications.delivery.conftest import mail_server, use_server
from tests.waiting import LIMIT_SECONDS

__all__ = ["mail_server", "use_server"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr(tasks.assess_mail_reports, "apply_async", lambda *_arguments, **_options: None)


def full(provider: str, row: Delivery) -> object:
    to = row.recipient
    return {
        "amazon_ses": lambda: world.sns(
            world.ses_bounce(
                "Transient", "MailboxFull", to=to, status="5.2.2", words=world.FULL, source=world.sender(row.pk)
            )
        ),
        "sendgrid": lambda: [world.sendgrid_bounce(row.pk, to=to, words=world.FULL, status="5.2.2")],
        "mailgun": lambda: world.mailgun_signed(
            world.mailgun(
                "failed",
                to=to,
                message=world.message_id(row.pk),
                severity="permanent",
                reason="bounce",
                **{"delivery-status": world.mailgun_status(552, world.FULL[4:])},
            )
        ),
        "postmark": lambda: world.postmark("SoftBounce", 4096, row.pk, to=to, details=f"smtp;{world.FULL}"),
    }[provider]()


@pytest.mark.parametrize("provider", ["amazon_ses", "sendgrid", "mailgun", "postmark"])
def test_sent_then_bounced_full_lets_the_address_rest_and_holds_the_delivery(call, queue, mail_server, provider):
    row = queue("hanako@ok.test")
    delivery.run(max_seconds=LIMIT_SECONDS, after_batch=address_health.assess_due)
    row.refresh_from_db()
    assert row.status == DeliveryStatus.SENT

    assert call(provider, full(provider, row)) == 200
    tasks.assess_mail_reports()

    row.refresh_from_db()
    address = Address.objects.get()
    assert (row.status, row.cause) == (DeliveryStatus.HELD, "mailbox_full")
    assert (address.state, address.failure) == (AddressState.FAILING, "mailbox_full")
    assert address.next_try_at is not None
    assert "over quota" in address.failure_answer
    assert not MailReport.objects.filter(is_judged=False).exists()


def test_delivered_changes_nothing_and_a_complaint_refuses(call, sent):
    row = sent()

    call("postmark", world.postmark_delivery(row.pk, to=row.recipient))
    tasks.assess_mail_reports()
    unchanged = Address.objects.get().state
    call("postmark", world.postmark("SpamComplaint", 100001, row.pk, to=row.recipient))
    tasks.assess_mail_reports()

    row.refresh_from_db()
    assert (unchanged, Address.objects.get().state) == (AddressState.ACTIVE, AddressState.REFUSED)
    assert row.status == DeliveryStatus.SENT


def test_what_may_pass_and_is_still_tried_changes_nothing(call, sent):
    row = sent()

    call("sendgrid", [world.sendgrid("deferred", row.pk, to=row.recipient, response="452 4.2.2 full")])
    call(
        "amazon_ses",
        world.sns(world.ses_bounce("Transient", "General", to=row.recipient, source=world.sender(row.pk))),
    )
    tasks.assess_mail_reports()

    row.refresh_from_db()
    assert (row.status, Address.objects.get().state) == (DeliveryStatus.SENT, AddressState.ACTIVE)


def test_the_task_judges_all_there_is(call, sent):
    rows = [sent(f"{number}@ok.test") for number in range(address_health.actions.MAX_AT_ONCE + 5)]
    call("sendgrid", [world.sendgrid_bounce(row.pk, to=row.recipient, number=n) for n, row in enumerate(rows)])

    tasks.assess_mail_reports()

    assert not MailReport.objects.filter(is_judged=False).exists()
    assert set(Address.objects.values_list("state", flat=True)) == {AddressState.FAILING}
