"""Optional mail carries its recipient's own way out, and whoever took it gets no more."""

import email
import email.policy
import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications import delivery
from notifications.channels import internal_reasons
from notifications.channels.email.channel import EmailChannel
from notifications.channels.email.return_path import ReturnPath
from notifications.channels.email.smtp.server import Server
from notifications.channels.registry import CHANNELS
from notifications.delivery.claims import claim
from notifications.delivery.composing.email_composer import EmailComposer
from notifications.models import Address, Attempt, Delivery, Unsubscription
from notifications.recipients.email_addresses import UnsubscribeState, open_unsubscribe_link
from notifications.types.enums import AddressState, Channel
from notifications.types.payloads.samples import SAMPLES
from tests.notifications.channels.email.wire import TestServer
from tests.waiting import LIMIT_SECONDS

pytestmark = pytest.mark.django_db


def mails(server: TestServer) -> dict[str, EmailMessage]:
    parsed = {to: email.message_from_bytes(mail, policy=email.policy.default) for to, mail in server.mails}
    return {to: message for to, message in parsed.items() if isinstance(message, EmailMessage)}


def text(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return part.get_content()


def test_each_recipient_has_a_link_of_their_own_in_headers_and_foot(queue, mail_server, settings):
    for name in ("hanako", "taro"):
        queue(f"{name}@ok.test")

    delivery.run(max_seconds=LIMIT_SECONDS)

    for to, message in mails(mail_server).items():
        found = re.fullmatch(rf"<({settings.SITE_URL}/unsubscribe/([\w-]+))>", message["List-Unsubscribe"])
        assert found
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert found[1] in text(message, "plain").splitlines()
        assert f'<a href="{found[1]}">' in text(message, "html")
        link = open_unsubscribe_link(found[2])
        assert (link.state, link.address.email, link.kind.key) == (UnsubscribeState.VALID, to, "order_confirmed")


def test_what_is_required_carries_none(queue, mail_server, notification):
    notification.type, notification.data = "account_at_risk", SAMPLES["account_at_risk"]
    notification.save()
    queue("hanako@ok.test")

    delivery.run(max_seconds=LIMIT_SECONDS)

    message = mails(mail_server)["hanako@ok.test"]
    assert [name for name in message.keys() if name.lower().startswith("list-")] == []  # noqa: SIM118
    assert "unsubscribe" not in text(message, "plain") + text(message, "html")


def test_the_mail_program_s_one_click_works_with_what_the_mail_says(queue, mail_server, settings):
    row = queue("hanako@ok.test")
    delivery.run(max_seconds=LIMIT_SECONDS)
    message = mails(mail_server)["hanako@ok.test"]
    path = message["List-Unsubscribe"].strip("<>").removeprefix(settings.SITE_URL)

    response = Client(enforce_csrf_checks=True).post(
        path, message["List-Unsubscribe-Post"], content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 200
    assert list(row.address.unsubscriptions.values_list("type", flat=True)) == ["order_confirmed"]


@pytest.mark.parametrize("state", [AddressState.ACTIVE, AddressState.FAILING])
def test_who_unsubscribed_after_it_was_queued_gets_it_no_more(queue, mail_server, state):
    row, colleague = queue("hanako@ok.test", state=state), queue("taro@ok.test")
    Unsubscription.objects.create(address=row.address, type="order_confirmed")
    Unsubscription.objects.create(address=colleague.address, type="claim_opened")

    delivery.run(max_seconds=LIMIT_SECONDS)

    row.refresh_from_db()
    assert (row.status, row.answer, row.tries) == ("cancelled", internal_reasons.UNSUBSCRIBED, 0)
    assert not Attempt.objects.exists()
    assert mail_server.recipients == ["taro@ok.test"]


def test_what_is_required_is_sent_whatever_a_row_says(queue, mail_server, notification):
    notification.type, notification.data = "account_at_risk", SAMPLES["account_at_risk"]
    notification.save()
    row = queue("hanako@ok.test")
    Unsubscription.objects.create(address=row.address, type="account_at_risk")

    delivery.run(max_seconds=LIMIT_SECONDS)

    assert mail_server.recipients == ["hanako@ok.test"]


@pytest.mark.parametrize("count", [1, 12])
def test_a_batch_is_composed_with_two_statements(queue, count):
    for number in range(count):
        row = queue(f"{number}@ok.test")
        Unsubscription.objects.create(address=row.address, type="claim_opened")
    batch = claim(100, length=timedelta(minutes=1))

    with CaptureQueriesContext(connection) as statements:
        composer = EmailComposer(batch.deliveries)
        messages = [composer.compose(one) for one in batch.deliveries]

    assert len(statements) == 2
    assert len({message.unsubscribe_token for message in messages}) == count
    assert len({id(message.letter) for message in messages}) == 1
    assert Delivery.objects.count() == Address.objects.count() == count


def test_with_a_return_path_a_mail_program_may_write_instead(queue, mail_server, monkeypatch):
    path = ReturnPath("bounce.sellers.test", secret="s")
    channel = EmailChannel(
        Server("127.0.0.1", mail_server.port),
        sender="hub@sellers.test",
        connections=1,
        timeout=LIMIT_SECONDS,
        return_path=path,
    )
    monkeypatch.setitem(CHANNELS, Channel.EMAIL, lambda: channel)
    row = queue("hanako@ok.test")

    delivery.run(max_seconds=LIMIT_SECONDS)
    channel.close()

    header = mails(mail_server)["hanako@ok.test"]["List-Unsubscribe"]
    mailto = r"<mailto:(bounce\+[a-z2-7]+@bounce\.sellers\.test)\?subject=unsubscribe>"
    found = re.fullmatch(rf"<https?://[^>]+>, {mailto}", header)
    assert found
    assert path.read(found[1]).delivery_id == row.pk
    assert f"MAIL FROM:<{found[1]}>" in " ".join(mail_server.commands)
