"""Mails that come back, written by us in the shapes that servers use."""

RECIPIENT = "hanako@sellers.test"
SENDER = "bounce+abc123@hub.test"
PROSE_HEAD = f"""\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.hub.test>
To: {SENDER}
Subject: Undelivered Mail Returned to Sender
Date: Mon, 2 Nov 2026 09:00:00 +0900
"""


def report(
    answer: str = "550 5.1.1 <hanako@sellers.test>: no such user here",
    *,
    status: str = "5.1.1",
    action: str = "failed",
    recipient: str = f"rfc822; {RECIPIENT}",
    explanation: str = "Your mail came back.",
    head: str = PROSE_HEAD,
) -> bytes:
    """A delivery status notification (RFC 3464)."""
    return f"""\
{head}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=-b"

--=-b
Content-Type: text/plain; charset=utf-8

{explanation}

--=-b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.hub.test
Arrival-Date: Mon, 2 Nov 2026 08:59:58 +0900

Final-Recipient: {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {answer}

--=-b
Content-Type: message/rfc822

From: SellerHub <hub@hub.test>
To: {RECIPIENT}
Subject: 550 5.1.1 is only the subject of our own mail

Our own words: mailbox full, user unknown.

--=-b--
""".encode()


def prose(text: str, *, head: str = PROSE_HEAD, charset: str = "utf-8") -> bytes:
    """A bounce in a server's own sentences."""
    return f"{head}Content-Type: text/plain; charset={charset}\n\n".encode() + text.encode(charset)


def complaint(recipient: str = RECIPIENT) -> bytes:
    """A feedback report (RFC 5965)."""
    return f"""\
From: feedback@provider.test
To: {SENDER}
Subject: FW: Your order
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="=-f"

--=-f
Content-Type: text/plain

This is a report about a mail that came from you.

--=-f
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Test/1
Version: 1
Original-Rcpt-To: {recipient}

--=-f
Content-Type: message/rfc822

From: SellerHub <hub@hub.test>
To: {RECIPIENT}
Subject: Your order

Text.

--=-f--
""".encode()


def receipt(disposition: str, text: str) -> bytes:
    """A message disposition notification (RFC 8098)."""
    return f"""\
From: Hanako <{RECIPIENT}>
To: {SENDER}
Subject: Read: Your order
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="=-m"

--=-m
Content-Type: text/plain

{text}

--=-m
Content-Type: message/disposition-notification

Final-Recipient: rfc822; {RECIPIENT}
Disposition: {disposition}

--=-m--
""".encode()


def letter(text: str, *, sender: str = f"Hanako <{RECIPIENT}>", subject: str, headers: str = "") -> bytes:
    """A mail that somebody, or some program, wrote."""
    return f"From: {sender}\nTo: {SENDER}\nSubject: {subject}\n{headers}\n{text}\n".encode()
