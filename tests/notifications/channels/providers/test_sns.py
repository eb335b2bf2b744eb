"""Messages of Amazon SNS: whose signature holds, and what becomes of subscriptions."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from notifications.channels.email.providers import sns_certificates, sns_http
from notifications.models import MailReport
from tests import provider_world as world

pytestmark = pytest.mark.django_db

TO = "hanako@ok.test"


def iso(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.parametrize("version", ["1", "2"])
def test_sns_by_both_versions_of_its_signature(call, sent, fetched, version):
    told = world.ses("Bounce", to=TO, source=world.sender(sent().pk))

    statuses = [call("amazon_ses", world.sns(told, version=version, Subject="Amazon SES")) for _ in range(2)]

    assert statuses == [200, 200]
    assert fetched == [world.CERTIFICATE_URL]


@pytest.mark.parametrize(
    "fields",
    [
        {"TopicArn": "arn:aws:sns:ap-northeast-1:999999999999:mail"},
        {"Timestamp": iso(minutes=61)},
        {"Timestamp": iso(minutes=-24 * 60)},
        {"Timestamp": "yesterday"},
        {"Type": "Something"},
        {"Type": "SubscriptionConfirmation"},
        {"version": "3"},
        {"SigningCertURL": world.CERTIFICATE_URL.replace("https", "http")},
        {"SigningCertURL": world.CERTIFICATE_URL.replace("amazonaws.com", "amazonaws.com.evil.test")},
        {"SigningCertURL": world.CERTIFICATE_URL.replace("sns.", "evil.test/sns.")},
        {"SigningCertURL": world.CERTIFICATE_URL.replace("https://sns", "https://evil@sns")},
        {"SigningCertURL": world.CERTIFICATE_URL.replace("amazonaws.com", "amazonaws.com:8443")},
        {"SigningCertURL": world.CERTIFICATE_URL.replace("amazonaws.com", "amazonaws.com@evil.test")},
        {"SigningCertURL": "https://sns.ap-northeast-1.amazonaws.com/?Action=x.pem"},
        {"SigningCertURL": "https://s3.ap-northeast-1.amazonaws.com/SimpleNotificationService-0123456789.pem"},
        {"SigningCertURL": ""},
        {"key": rsa.generate_private_key(public_exponent=65537, key_size=2048)},
    ],
)
def test_sns_messages_that_are_refused(call, sent, fetched, fields):
    told = world.ses("Bounce", to=TO, source=world.sender(sent().pk))

    assert call("amazon_ses", world.sns(told, **fields)) == 403

    assert not MailReport.objects.exists()
    assert set(fetched) <= {world.CERTIFICATE_URL}


def test_an_sns_message_that_was_changed_is_refused(call, sent):
    message = world.sns(world.ses("Bounce", to=TO, source=world.sender(sent().pk)))

    for name in ("Message", "MessageId", "Signature"):
        assert call("amazon_ses", message | {name: message[name][::-1]}) == 403, name
    assert call("amazon_ses", message | {"Subject": "added"}) == 403


@pytest.mark.parametrize(
    "pem",
    [
        world.certificate(name="evil.test"),
        world.certificate(days=(-300, -1)),
        world.certificate(days=(1, 300)),
        b"no certificate",
    ],
)
def test_a_certificate_that_is_not_sns_own_or_not_valid_now_is_refused(call, sent, monkeypatch, pem):
    monkeypatch.setattr(sns_http, "get", lambda _url: pem)

    assert call("amazon_ses", world.sns(world.ses("Bounce", to=TO, source=world.sender(sent().pk)))) == 403


def test_a_certificate_that_cannot_be_fetched_has_sns_call_again(call, sent, monkeypatch):
    def away(_url):
        raise sns_http.NotNowError("NewConnectionError")

    monkeypatch.setattr(sns_http, "get", away)

    assert call("amazon_ses", world.sns(world.ses("Bounce", to=TO, source=world.sender(sent().pk)))) == 503


def test_a_subscription_to_a_topic_of_ours_is_confirmed(call, fetched):
    message = world.subscription()

    assert call("amazon_ses", message) == 200

    assert fetched == [world.CERTIFICATE_URL, message["SubscribeURL"]]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test/?Action=ConfirmSubscription",
        "http://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription",
        f"https://sns.ap-northeast-1.amazonaws.com/?Action=Unsubscribe&TopicArn={world.TOPIC}",
        "https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:another",
    ],
)
def test_a_confirmation_that_leads_elsewhere_is_left_to_the_operator(call, fetched, caplog, url):
    assert call("amazon_ses", world.subscription(SubscribeURL=url)) == 200

    assert fetched == [world.CERTIFICATE_URL]
    assert "confirm it in its console" in caplog.text


def test_a_subscription_to_a_foreign_topic_is_not_confirmed(call, fetched):
    assert call("amazon_ses", world.subscription(TopicArn="arn:aws:sns:us-east-1:999999999999:x")) == 403

    assert fetched == []


def test_the_end_of_a_subscription_is_told_to_operators(call, fetched, caplog):
    assert call("amazon_ses", world.subscription(Type="UnsubscribeConfirmation")) == 200

    assert "no longer tells us" in caplog.text
    assert fetched == [world.CERTIFICATE_URL]


def test_the_note_that_a_topic_was_checked_is_taken(call):
    note = "Successfully validated SNS topic for Amazon SES event publishing."

    assert call("amazon_ses", world.sns(note)) == 200


def test_the_key_is_fetched_again_when_the_certificate_is_new(call, sent, fetched):
    told = world.ses("Bounce", to=TO, source=world.sender(sent().pk))
    call("amazon_ses", world.sns(told))
    call("amazon_ses", world.sns(told, SigningCertURL=world.CERTIFICATE_URL.replace("0123.pem", "4567.pem")))

    assert len(fetched) == 2
    assert sns_certificates._fetch.cache_info().currsize == 2
