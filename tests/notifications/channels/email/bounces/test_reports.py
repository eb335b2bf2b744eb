"""Delivery status notifications and feedback reports: the machine-readable shapes."""

import pytest

from notifications.channels.email.bounces import Bounce, parse
from notifications.types.enums import BounceKind, BounceReason

from .samples import RECIPIENT, complaint, report


def test_a_failed_report_is_final_and_keeps_the_servers_words() -> None:
    assert parse(report()) == [
        Bounce(
            recipient=RECIPIENT,
            status="5.1.1",
            permanent=True,
            reason=BounceReason.UNKNOWN_USER,
            kind=BounceKind.BOUNCE,
            text="550 5.1.1 <hanako@sellers.test>: no such user here",
        )
    ]


@pytest.mark.parametrize(
    ("action", "kind", "permanent"),
    [
        ("failed", BounceKind.BOUNCE, True),
        ("Failed (gave up)", BounceKind.BOUNCE, True),
        ("error", BounceKind.BOUNCE, True),
        ("delayed", BounceKind.DELAYED, False),
        ("delivered", BounceKind.DELIVERED, False),
        ("relayed", BounceKind.DELIVERED, False),
        ("expanded", BounceKind.DELIVERED, False),
        ("something-new", BounceKind.DELAYED, False),
    ],
)
def test_only_action_failed_is_final(action: str, kind: BounceKind, permanent: bool) -> None:
    (bounce,) = parse(report(action=action))

    assert (bounce.kind, bounce.permanent) == (kind, permanent)


def test_a_status_of_class_four_is_not_final_though_the_server_gave_up() -> None:
    (bounce,) = parse(report("451 4.4.1 connection timed out", status="4.4.7"))

    assert (bounce.permanent, bounce.reason, bounce.status) == (False, BounceReason.EXPIRED, "4.4.7")


def test_an_undefined_status_gives_way_to_the_better_one_in_the_answer() -> None:
    (bounce,) = parse(report("550 5.2.2 mailbox is full", status="5.0.0"))

    assert (bounce.status, bounce.reason) == ("5.2.2", BounceReason.MAILBOX_FULL)


def test_a_silent_answer_is_explained_by_the_text_for_people() -> None:
    text = f"<{RECIPIENT}>: the mailbox of this customer is over quota"

    (bounce,) = parse(report("", status="5.0.0", explanation=text))

    assert bounce.reason == BounceReason.MAILBOX_FULL


def test_what_the_returned_mail_says_is_not_what_the_server_says() -> None:
    (bounce,) = parse(report("554 5.0.0 no", status="5.0.0"))

    assert bounce.reason == BounceReason.OTHER


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("rfc822;hanako@sellers.test", "hanako@sellers.test"),
        ("RFC822; <hanako@Sellers.TEST>", "hanako@sellers.test"),
        ("<hanako@sellers.test>", "hanako@sellers.test"),
        ('rfc822; "hana..ko."@docomo.ne.jp', "hana..ko.@docomo.ne.jp"),
        ("rfc822; hana..ko.@docomo.ne.jp", "hana..ko.@docomo.ne.jp"),
        ("utf-8; 花子@例え.test", "花子@例え.test"),
        ("rfc822; hana+tag@sellers.test (Hanako)", "hana+tag@sellers.test"),
    ],
)
def test_recipients_are_read_as_servers_write_them(written: str, read: str) -> None:
    (bounce,) = parse(report(recipient=written))

    assert bounce.recipient == read


def test_an_entry_without_an_address_is_about_whom_the_returned_mail_was_for() -> None:
    (bounce,) = parse(report("550 user unknown", recipient="rfc822; hanako"))

    assert bounce.recipient == RECIPIENT


def test_every_recipient_has_an_answer_of_its_own() -> None:
    second = (
        "\n\nFinal-Recipient: rfc822; taro@sellers.test\nAction: delayed\nStatus: 4.2.2\n"
        "Diagnostic-Code: smtp; 452 4.2.2 over quota\n\n--=-b\nContent-Type: message/rfc822"
    )
    mail = report().replace(b"\n\n--=-b\nContent-Type: message/rfc822", second.encode(), 1)

    found = {bounce.recipient: (bounce.kind, bounce.reason, bounce.permanent) for bounce in parse(mail)}

    assert found == {
        RECIPIENT: (BounceKind.BOUNCE, BounceReason.UNKNOWN_USER, True),
        "taro@sellers.test": (BounceKind.DELAYED, BounceReason.MAILBOX_FULL, False),
    }


def test_recipients_without_a_blank_line_between_them_are_told_apart() -> None:
    end = b"\n\n--=-b\nContent-Type: message/rfc822"
    second = b"\nFinal-Recipient: rfc822; taro@sellers.test\nAction: failed\nStatus: 5.1.1"
    mail = report().replace(end, second + end, 1)

    assert [bounce.recipient for bounce in parse(mail)] == [RECIPIENT, "taro@sellers.test"]


def test_a_report_that_came_as_plain_text_is_read_all_the_same() -> None:
    mail = report().replace(b"message/delivery-status", b"text/plain")

    (bounce,) = parse(mail)

    assert (bounce.recipient, bounce.permanent) == (RECIPIENT, True)


def test_a_report_within_the_mail_of_another_server_is_found() -> None:
    outer = (
        b"From: postmaster@gateway.test\nTo: bounce+abc123@hub.test\nSubject: Delivery failure\n"
        b'Content-Type: multipart/mixed; boundary="=-o"\n\n--=-o\nContent-Type: message/rfc822\n\n'
        + report()
        + b"\n--=-o--\n"
    )

    (bounce,) = parse(outer)

    assert (bounce.recipient, bounce.reason, bounce.permanent) == (RECIPIENT, BounceReason.UNKNOWN_USER, True)


def test_the_words_shown_are_bounded_and_printable() -> None:
    (bounce,) = parse(report("550 no such user \x07\x1b[31m" + "long " * 1000))

    assert len(bounce.text) == 500
    assert bounce.text.isprintable()


def test_a_complaint_names_who_complained() -> None:
    (bounce,) = parse(complaint())

    assert (bounce.kind, bounce.recipient, bounce.permanent) == (BounceKind.COMPLAINT, RECIPIENT, False)


def test_a_complaint_without_a_name_is_about_whom_the_mail_was_for() -> None:
    mail = complaint().replace(b"Original-Rcpt-To", b"X-Hidden")

    (bounce,) = parse(mail)

    assert (bounce.kind, bounce.recipient) == (BounceKind.COMPLAINT, RECIPIENT)


@pytest.mark.parametrize("feedback", [b"not-spam", b"auth-failure"])
def test_feedback_of_another_sort_is_no_complaint(feedback: bytes) -> None:
    assert parse(complaint().replace(b"Feedback-Type: abuse", b"Feedback-Type: " + feedback)) == []


def test_a_text_after_the_report_is_the_returned_mails_own() -> None:
    mail = report("554 5.0.0 no", status="5.0.0").replace(b"message/rfc822", b"text/plain")

    assert [bounce.reason for bounce in parse(mail)] == [BounceReason.OTHER]
