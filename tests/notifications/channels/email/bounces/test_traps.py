"""Mails that are no bounce, or none yet: nothing of them is ever final."""

import pytest

from notifications.channels.email.bounces import parse
from notifications.types.enums import BounceKind

from .samples import PROSE_HEAD, RECIPIENT, SENDER, complaint, letter, prose, receipt, report

A_BOUNCE = f"<{RECIPIENT}>: host mx.sellers.test said: 550 5.1.1 user unknown\n"
SYSTEM = "Mail Delivery System <MAILER-DAEMON@mx.hub.test>"
DELAYED = {
    "Postfix": f"THIS IS A WARNING. You do not need to resend.\n\n{A_BOUNCE}",
    "Sendmail": f"Warning: message still undelivered after 4 hours. Will keep trying.\n\n{A_BOUNCE}",
    "Exim": f"No action is required. Delivery attempts will continue.\n\n  {RECIPIENT}\n    550 no\n",
    "Gmail": f"Delivery to {RECIPIENT} has been delayed and will be retried for 2 more days. 550 5.1.1\n",
    "Japanese": f"<{RECIPIENT}>: 550 user unknown\n引き続き再送を試みます。\n",
}
ORDINARY = {
    "a person who forwards a bounce": letter(
        f"Look what came:\n\n{A_BOUNCE}", subject="Fwd: Undelivered Mail Returned to Sender"
    ),
    "a person who quotes a bounce": letter(f"> {A_BOUNCE}", subject="Re: Undelivered Mail Returned to Sender"),
    "a person who pastes a bounce": letter(A_BOUNCE, subject="Undelivered mail?"),
    "a person who forwards a bounce as an attachment": letter(
        "",
        subject="Fw: mail failure",
        headers='Content-Type: multipart/mixed; boundary="=-w"\n',
    )
    + b"\n--=-w\nContent-Type: message/rfc822\n\n"
    + report()
    + b"\n--=-w--\n",
    "a newsletter": letter(
        f"Mailbox full? Users unknown? {A_BOUNCE}",
        sender="no-reply@news.test",
        subject="Delivery failed: how to cope with bounces",
        headers="List-Unsubscribe: <https://news.test/u>\nPrecedence: bulk\n",
    ),
    "a list that talks about bounces": letter(
        A_BOUNCE, subject="[postfix] 550 user unknown, mail rejected", headers="List-Id: <users.list.test>\n"
    ),
}
AUTOMATIC = {
    "a vacation notice": letter(
        f"My mailbox is full. 550 5.1.1 user unknown. Write to taro@sellers.test or <{RECIPIENT}>.",
        subject="Re: Your order",
        headers="Auto-Submitted: auto-replied\n",
    ),
    "a vacation notice of the old kind": letter(
        "I have left the company.", subject="Out of office", headers="Return-Path: <>\n"
    ),
    "a Japanese vacation notice": letter(
        "メールボックスの容量が一杯です。アドレスは存在しません。", subject="自動返信：ありがとうございます"
    ),
    "an answer of the old kind": letter("User unknown", subject="Your mail", headers="X-Autoreply: yes\n"),
    "a challenge": letter("Not delivered yet.", subject="Please verify your message (challenge)"),
    "a ticket": letter("We got it.", subject="[Ticket #550] received"),
    "a list's moderator": letter(
        "Your mail was rejected unless approved.",
        sender="list-owner@list.test",
        subject="Your message awaits moderator approval",
    ),
    "a receipt": receipt("manual-action/MDN-sent-manually; displayed", "Your mail 'mailbox full' was displayed."),
    "a receipt of a deleted mail": receipt(
        "automatic-action/MDN-sent-automatically; deleted",
        "Your mail\n Subject: Your quota is full\nwas deleted without being read.",
    ),
}


@pytest.mark.parametrize("server", DELAYED)
def test_a_delay_is_not_final_though_it_quotes_a_refusal(server: str) -> None:
    found = parse(prose(DELAYED[server]))

    assert [(bounce.recipient, bounce.kind, bounce.permanent) for bounce in found] == [
        (RECIPIENT, BounceKind.DELAYED, False)
    ]


def test_a_delay_is_told_by_the_subject_alone() -> None:
    head = PROSE_HEAD.replace("Undelivered Mail Returned to Sender", "Delivery Status Notification (Delay)")

    assert [(bounce.kind, bounce.permanent) for bounce in parse(prose(A_BOUNCE, head=head))] == [
        (BounceKind.DELAYED, False)
    ]


@pytest.mark.parametrize("mail", ORDINARY)
def test_people_and_lists_are_not_heard(mail: str) -> None:
    assert parse(ORDINARY[mail]) == []


@pytest.mark.parametrize("mail", AUTOMATIC)
def test_what_a_machine_answers_is_no_bounce(mail: str) -> None:
    (bounce,) = parse(AUTOMATIC[mail])

    assert (bounce.kind, bounce.permanent) == (BounceKind.AUTO_REPLY, False)


def test_a_receipt_that_tells_of_a_rejection_is_a_bounce() -> None:
    mail = receipt(
        "automatic-action/MDN-sent-automatically; deleted",
        f"Your message to <{RECIPIENT}> was automatically rejected:\nQuota exceeded",
    )

    (bounce,) = parse(mail.replace(b"From: Hanako <hanako@", b"From: postmaster@"))

    assert (bounce.recipient, bounce.kind, bounce.permanent) == (RECIPIENT, BounceKind.BOUNCE, True)


def test_news_of_a_delivery_is_no_bounce() -> None:
    head = PROSE_HEAD.replace("Undelivered Mail Returned to Sender", "Delivered: Your order")
    text = f"Your message was successfully delivered to these recipients:\n\n<{RECIPIENT}>\n"

    (bounce,) = parse(prose(text, head=head))

    assert (bounce.kind, bounce.permanent) == (BounceKind.DELIVERED, False)


def test_an_unsuccessful_delivery_is_no_success() -> None:
    head = PROSE_HEAD.replace("Undelivered Mail Returned to Sender", "Delivery unsuccessful")

    (bounce,) = parse(prose(A_BOUNCE, head=head))

    assert (bounce.kind, bounce.permanent) == (BounceKind.BOUNCE, True)


def test_a_digest_of_a_spam_filter_is_not_final() -> None:
    mail = letter(
        "Held back today:\n\ntaro@sellers.test  Cheap pills (spam, blocked)\n",
        sender="Mail Administrator <postmaster@hub.test>",
        subject="Your quarantine today",
    )

    assert not any(bounce.permanent for bounce in parse(mail))


def test_a_complaint_is_never_final() -> None:
    assert [bounce.permanent for bounce in parse(complaint())] == [False]


def test_a_postmaster_who_quotes_a_bounce_is_not_final() -> None:
    mail = letter(
        f"I looked into it, all is well now.\n\n> {A_BOUNCE}",
        sender="postmaster@sellers.test",
        subject="Re: Undelivered Mail",
    )

    assert not any(bounce.permanent for bounce in parse(mail))


def test_a_letter_about_our_own_mailbox_is_not_final() -> None:
    mail = letter(
        f"The mailbox of {SENDER} is full.", sender="System Administrator <it@hub.test>", subject="Your quota"
    )

    assert not any(bounce.permanent for bounce in parse(mail))


def test_a_bounce_that_no_mail_server_seems_to_have_sent_is_not_final() -> None:
    mail = letter(A_BOUNCE, sender="no-reply@sellers.test", subject="Delivery failed")

    assert [(bounce.recipient, bounce.permanent) for bounce in parse(mail)] == [(RECIPIENT, False)]


def test_a_report_that_somebody_passes_on_is_not_heard() -> None:
    mail = report().replace(b"report; report-type=delivery-status", b"mixed")
    mail = mail.replace(SYSTEM.encode(), b"Taro <taro@sellers.test>").replace(b"Subject: Und", b"Subject: Fwd: Und")

    assert parse(mail) == []
