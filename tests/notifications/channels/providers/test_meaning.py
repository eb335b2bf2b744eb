"""What each provider's events mean, in our words: read at the door, kept as reports."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import address_health
from notifications.models import MailReport
from tests import provider_world as world
from tests.provider_world import FULL, UNKNOWN

pytestmark = pytest.mark.django_db

TO = "hanako@ok.test"
BLOCKED = "550 5.7.1 Message rejected as spam by the recipient's policy"


def kept() -> list[tuple]:
    return list(MailReport.objects.values_list("kind", "permanent", "reason", "code", "status"))


@pytest.mark.parametrize(
    ("bounce_type", "sub_type", "status", "words", "expected"),
    [
        ("Permanent", "General", "5.1.1", UNKNOWN, (True, "unknown_user", 550, "5.1.1")),
        ("Permanent", "NoEmail", "", "", (True, "unknown_user", None, "")),
        ("Permanent", "OnAccountSuppressionList", "", "", (True, "other", None, "")),
        ("Transient", "MailboxFull", "5.2.2", FULL, (True, "mailbox_full", 552, "5.2.2")),
        ("Transient", "MailboxFull", "", "", (True, "mailbox_full", None, "")),
        ("Transient", "General", "", "", (False, "other", None, "")),
        ("Transient", "General", "5.3.0", "", (False, "other", None, "5.3.0")),
        ("Transient", "General", "5.7.1", BLOCKED, (False, "blocked_by_provider", 550, "5.7.1")),
        ("Transient", "General", "4.4.7", "550 4.4.7 Message expired", (True, "expired", 550, "4.4.7")),
        ("Transient", "MessageTooLarge", "5.3.4", "552 5.3.4 too big", (True, "message_too_big", 552, "5.3.4")),
        ("Transient", "ContentRejected", "", "", (False, "blocked_by_provider", None, "")),
        ("Undetermined", "Undetermined", "", "", (False, "other", None, "")),
        ("Undetermined", "Undetermined", "5.1.1", UNKNOWN, (True, "unknown_user", 550, "5.1.1")),
    ],
)
def test_amazon_ses_bounces(call, sent, bounce_type, sub_type, status, words, expected):
    source = world.sender(sent().pk)

    assert (
        call(
            "amazon_ses",
            world.sns(world.ses_bounce(bounce_type, sub_type, to=TO, status=status, words=words, source=source)),
        )
        == 200
    )

    assert kept() == [("bounce", *expected)]


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("Delivery", {}, [("delivered", False, "", None, "")]),
        ("Complaint", {}, [("complaint", False, "", None, "")]),
        ("Complaint", {"complaintFeedbackType": "not-spam"}, []),
        ("DeliveryDelay", {"delayType": "MailboxFull"}, [("delayed", False, "", None, "")]),
        ("Send", {}, []),
        ("Open", {}, []),
        ("Reject", {"reason": "Bad content"}, [("bounce", True, "other", None, "")]),
    ],
)
def test_other_events_of_amazon_ses(call, sent, kind, more, expected):
    told = world.ses(kind, to=TO, source=world.sender(sent().pk), **more)
    told["eventType"] = told.pop("notificationType")  # as event publishing calls it

    assert call("amazon_ses", world.sns(told)) == 200

    assert kept() == expected


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"type": "bounce", "status": "5.1.1", "reason": UNKNOWN}, (True, "unknown_user", 550, "5.1.1")),
        ({"type": "bounce", "status": "5.2.2", "reason": FULL}, (True, "mailbox_full", 552, "5.2.2")),
        ({"type": "bounce", "status": "5.0.0", "reason": "no words"}, (True, "other", None, "5.0.0")),
        ({"type": "blocked", "status": "5.7.1", "reason": BLOCKED}, (True, "blocked_by_provider", 550, "5.7.1")),
        (
            {"type": "blocked", "status": "4.7.1", "reason": "451 4.7.1 Greylisted"},
            (True, "expired", 451, "4.7.1"),
        ),
        (
            {"type": "blocked", "status": "4.2.2", "reason": "452 4.2.2 Mailbox full"},
            (True, "mailbox_full", 452, "4.2.2"),
        ),
        ({"event": "dropped", "reason": "Bounced Address"}, (True, "other", None, "")),
        ({"event": "dropped", "reason": "Invalid"}, (True, "unknown_user", None, "")),
    ],
)
def test_sendgrid_bounces(call, sent, event, expected):
    one = world.sendgrid("bounce", sent().pk, to=TO) | event

    assert call("sendgrid", [one]) == 200

    assert kept() == [("bounce", *expected)]


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("delivered", {"response": "250 OK"}, [("delivered", False, "", None, "")]),
        ("deferred", {"response": "452 4.2.2 full", "attempt": "5"}, [("delayed", False, "", 452, "4.2.2")]),
        ("spamreport", {}, [("complaint", False, "", None, "")]),
        ("processed", {}, []),
        ("open", {"useragent": "x"}, []),
        ("of next year", {}, []),
    ],
)
def test_other_events_of_sendgrid(call, sent, kind, more, expected):
    assert call("sendgrid", [world.sendgrid(kind, sent().pk, to=TO, **more)]) == 200

    assert kept() == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            {
                "severity": "permanent",
                "reason": "bounce",
                "delivery-status": world.mailgun_status(550, UNKNOWN[4:]),
            },
            ("bounce", True, "unknown_user", 550, "5.1.1"),
        ),
        (
            {"severity": "permanent", "reason": "old", "delivery-status": world.mailgun_status(452, "Too old")},
            ("bounce", True, "expired", 452, ""),
        ),
        (
            {
                "severity": "permanent",
                "reason": "suppress-bounce",
                "delivery-status": world.mailgun_status(605, "Not delivering to previously bounced address"),
            },
            ("bounce", True, "other", None, ""),
        ),
        (
            {"severity": "temporary", "reason": "generic", "delivery-status": world.mailgun_status(452, FULL[4:])},
            ("delayed", False, "", 452, "5.2.2"),
        ),
    ],
)
def test_failures_of_mailgun(call, sent, more, expected):
    data = world.mailgun("failed", to=TO, sender=world.sender(sent().pk), **more)

    assert call("mailgun", world.mailgun_signed(data)) == 200

    assert kept() == [expected]


@pytest.mark.parametrize(("kind", "expected"), [("delivered", "delivered"), ("complained", "complaint")])
def test_other_events_of_mailgun(call, sent, kind, expected):
    data = world.mailgun(kind, to=TO, message=world.message_id(sent().pk))

    assert call("mailgun", world.mailgun_signed(data)) == 200

    assert kept() == [(expected, False, "", None, "")]


@pytest.mark.parametrize(
    ("kind", "code", "details", "more", "expected"),
    [
        ("HardBounce", 1, f"smtp;{UNKNOWN}", {"Inactive": True}, ("bounce", True, "unknown_user", 550, "5.1.1")),
        ("HardBounce", 1, "", {}, ("bounce", True, None, None, "")),
        ("SoftBounce", 4096, f"smtp;{FULL}", {}, ("bounce", True, "mailbox_full", 552, "5.2.2")),
        ("SoftBounce", 4096, "smtp;451 4.3.0 try later", {}, ("bounce", None, None, 451, "4.3.0")),
        ("SoftBounce", 4096, "", {"Inactive": True}, ("bounce", True, None, None, "")),
        ("Blocked", 100006, "", {}, ("bounce", False, "blocked_by_provider", None, "")),
        ("BadEmailAddress", 100000, "", {}, ("bounce", True, "unknown_user", None, "")),
        ("DMARCPolicy", 100009, "", {}, ("bounce", True, "blocked_by_provider", None, "")),
        ("Transient", 2, "smtp;452 4.2.2 full", {}, ("delayed", False, "", 452, "4.2.2")),
        ("SpamComplaint", 100001, "", {}, ("complaint", False, "", None, "")),
        ("SpamComplaint", 100001, "", {"RecordType": "SpamComplaint"}, ("complaint", False, "", None, "")),
        ("AutoResponder", 64, "", {}, None),
        ("Unknown", 2048, "", {}, None),
    ],
)
def test_postmark_bounces(call, sent, kind, code, details, more, expected):
    assert call("postmark", world.postmark(kind, code, sent().pk, to=TO, details=details, **more)) == 200

    if expected is None:
        assert kept() == []
    else:
        ((*found,),) = kept()
        assert [a if b is not None else None for a, b in zip(found, expected, strict=True)] == list(expected)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_an_odd_moment_stops_no_judging(call, sent, moment):
    row = sent()
    told = world.postmark("HardBounce", 1, row.pk, to=TO, details="550 5.1.1 no such user")

    assert call("postmark", told | {"BouncedAt": moment}) == 200
    while address_health.assess_due():
        pass

    report = MailReport.objects.get()
    assert report.is_judged
    assert abs(report.sent_at - timezone.now()) < timedelta(days=401)


def test_postmark_delivered(call, sent):
    assert call("postmark", world.postmark_delivery(sent().pk, to=TO)) == 200

    assert kept() == [("delivered", False, "", None, "")]


def test_another_that_anymail_knows(call, sent):
    told = {
        "event": "soft_bounce",
        "email": TO,
        "id": 7,
        "message-id": world.message_id(sent().pk),
        "ts_event": 1534110422,
        "reason": "452 4.2.2 Mailbox full",
    }

    assert call("brevo", told) == 200

    assert kept() == [("bounce", True, "mailbox_full", 452, "4.2.2")]
