"""The door: who may call, what is refused, and that the same call twice changes nothing."""

import json
import time

import pytest
from django.db import OperationalError

from notifications import address_health, tasks
from notifications.channels.email.providers.credentials import PROOFS, Access
from notifications.channels.email.providers.registry import PROVIDERS
from notifications.models import MailReport
from notifications.web.views.providers import MAX_BODY_BYTES
from tests import provider_world as world

pytestmark = pytest.mark.django_db

TO = "hanako@ok.test"


@pytest.mark.parametrize("provider", ["amazon_ses", "sendgrid", "mailgun", "postmark", "mandrill", "nobody"])
def test_a_provider_that_is_not_named_in_the_settings_has_no_door(call, client, settings, provider):
    settings.MAIL_PROVIDERS = Access()

    assert call(provider, []) == 404
    assert client.head(f"/anymail/{provider}/tracking/").status_code == 404


def test_only_posts_are_taken_and_the_address_may_be_tried(client):
    assert client.head("/anymail/postmark/tracking/").status_code == 200
    assert client.get("/anymail/postmark/tracking/").status_code == 405


def test_the_table_and_the_proofs_name_the_same_providers():
    assert set(PROVIDERS) == set(PROOFS)


@pytest.mark.parametrize("provider", sorted(set(PROOFS) - {"amazon_ses"}))
def test_every_provider_of_the_table_refuses_who_proves_nothing(client, settings, provider):
    key = dict(world.all_access().keys)["sendgrid" if provider == "sendgrid" else "mailgun"]
    settings.MAIL_PROVIDERS = Access(frozenset({provider}), (world.SECRET,), ((provider, key),))

    response = client.post(f"/anymail/{provider}/tracking/", b"{}", content_type="application/json")

    assert response.status_code == 403


@pytest.mark.parametrize("provider", ["amazon_ses", "sendgrid", "mailgun", "postmark", "brevo"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"null",
        b"7",
        b'"x"',
        b"[1]",
        b'[{"event":1}]',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"signature":{"timestamp":[],"token":{},"signature":null}}',
        b'{"Type":"Notification","TopicArn":[]}',
        b'[{"event":"bounce","timestamp":1e400}]',
        b'[{"event":"bounce","timestamp":99999999999999999999}]',
    ],
)
def test_whatever_is_sent_is_answered(call, provider, body):
    assert call(provider, body) in (200, 400, 403)
    assert not MailReport.objects.exists()


def test_more_than_a_mebibyte_is_refused(call):
    assert call("postmark", b" " * (MAX_BODY_BYTES + 1)) == 413


def test_a_database_that_is_away_has_the_provider_call_again(call, sent, monkeypatch):
    def away(*_args, **_options):
        raise OperationalError

    row = sent()
    with monkeypatch.context() as patch:
        patch.setattr(address_health, "store_provider_events", away)
        signed = world.mailgun_signed(world.mailgun("delivered", to=TO, sender=world.sender(row.pk)))
        assert call("mailgun", signed) == 503

    assert call("mailgun", signed) == 200
    assert MailReport.objects.count() == 1


# --- SendGrid -------------------------------------------------------------------------------------------------


def test_sendgrid_with_a_wrong_signature(call, sent):
    event = [world.sendgrid_bounce(sent().pk, to=TO)]

    assert call("sendgrid", event, **{"x-twilio-email-event-webhook-timestamp": "1"}) == 403
    assert call("sendgrid", event, **{"x-twilio-email-event-webhook-signature": "ä"}) == 403
    assert not MailReport.objects.exists()


def test_sendgrid_by_password_where_no_key_is_set(client, settings, sent):
    settings.MAIL_PROVIDERS = Access(frozenset({"sendgrid"}), (world.SECRET,))
    body = json.dumps([world.sendgrid_bounce(sent().pk, to=TO)])

    def post(secret):
        headers = world.basic(secret) if secret else {}
        return client.post(
            "/anymail/sendgrid/tracking/", body, content_type="application/json", headers=headers
        ).status_code

    assert [post(secret) for secret in ("", "relay:wrong", world.SECRET)] == [403, 403, 200]


def test_a_batch_is_one_statement_and_the_same_again_changes_nothing(call, sent, django_assert_num_queries):
    rows = [sent(f"{number}@ok.test") for number in range(3)]
    batch = [world.sendgrid_bounce(row.pk, to=row.recipient, number=n) for n, row in enumerate(rows)]

    with django_assert_num_queries(1):
        assert call("sendgrid", batch) == 200
    again = [call("sendgrid", batch), call("sendgrid", [*batch, *batch])]

    assert again == [200, 200]
    assert MailReport.objects.count() == 3
    assert max(len(key) for key in MailReport.objects.values_list("key", flat=True)) <= 120


def test_one_odd_event_does_not_keep_the_others_out(call, sent):
    row = sent()
    odd = [
        7,
        None,
        {},
        {"event": "bounce", "timestamp": 10**30},
        {"event": ["x"]},
        {"event": "bounce", "email": {}},
    ]

    assert call("sendgrid", [*odd, world.sendgrid_bounce(row.pk, to=TO)]) == 200

    assert MailReport.objects.get().delivery_id == row.pk


@pytest.mark.parametrize(
    "odd",
    [
        {"reason": "550 \x00 \ud800 5.1.1 " + "x" * 9000},
        {"email": "\x00\ud800" * 400},
        {"email": None},
        {"sg_event_id": "e" * 4000},
        {"sg_event_id": "\x00"},
        {"sg_event_id": None},
        {"status": "5.1.1.1.1.1.1.1"},
        {"status": {"a": 1}},
        {"timestamp": -(10**10)},
    ],
)
def test_odd_values_are_kept_as_far_as_they_can_be(call, sent, odd):
    assert call("sendgrid", [world.sendgrid_bounce(sent().pk, to=TO) | odd]) == 200

    assert MailReport.objects.count() == 1


# --- Mailgun --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "signed", "expected"),
    [
        (0, {}, 200),
        (0, {"key": "another key altogether"}, 403),
        (-14, {}, 200),
        (-16, {}, 403),
        (5, {}, 403),
    ],
)
def test_mailgun_by_signature_and_age(call, sent, minutes, signed, expected):
    data = world.mailgun("delivered", to=TO, sender=world.sender(sent().pk))

    assert call("mailgun", world.mailgun_signed(data, at=time.time() + minutes * 60, **signed)) == expected

    assert MailReport.objects.exists() is (expected == 200)


def test_a_token_of_mailgun_works_once(call, sent):
    row, other = sent(), sent("taro@ok.test")
    first = world.mailgun_signed(world.mailgun("delivered", to=TO, sender=world.sender(row.pk)), token="t" * 50)
    second = world.mailgun_signed(world.mailgun("complained", to=TO, sender=world.sender(other.pk)), token="t" * 50)

    assert (call("mailgun", first), call("mailgun", first), call("mailgun", second)) == (200, 403, 403)
    assert MailReport.objects.get().delivery_id == row.pk


# --- Postmark -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        (world.basic(), 200),
        (world.basic("relay:former-0123456789"), 200),
        (world.basic("relay:wrong"), 403),
        (world.basic("ü:ü"), 403),
        ({"authorization": ""}, 403),
        ({"authorization": "Bearer x"}, 403),
    ],
)
def test_postmark_by_password_of_which_two_are_good_while_it_is_changed(call, sent, authorization, expected):
    data = world.postmark("HardBounce", 1, sent().pk, to=TO)

    assert call("postmark", data, **authorization) == expected


def test_an_event_without_an_id_is_known_by_what_it_says(call, sent):
    data = world.postmark_delivery(sent().pk, to=TO)

    assert (call("postmark", data), call("postmark", data)) == (200, 200)
    assert MailReport.objects.count() == 1


# --- Bells ----------------------------------------------------------------------------------------------------


def test_news_ring_the_bell_once_and_old_news_do_not(call, sent, monkeypatch, django_capture_on_commit_callbacks):
    rings = []
    monkeypatch.setattr(tasks.assess_mail_reports, "apply_async", lambda *_arguments, **_options: rings.append(1))
    batch = [world.sendgrid_bounce(sent().pk, to=TO)]

    with django_capture_on_commit_callbacks(execute=True):
        call("sendgrid", batch)
        call("sendgrid", batch)

    assert rings == [1]
