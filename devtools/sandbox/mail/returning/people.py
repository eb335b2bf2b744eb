"""What comes back because of people: automatic replies (RFC 3834) and complaints (RFC 5965)."""

from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formatdate

from .choosing import Returned
from .parts import original, plain_part


def automatic_reply(returned: Returned) -> Message:
    """Somebody is on holiday."""
    mail = MIMEText(
        "ただいま不在にしています。来週お返事します。\nI am away and will answer next week.\n", "plain", "utf-8"
    )
    mail["From"] = returned.recipient
    mail["To"] = returned.envelope_sender
    mail["Subject"] = "Automatic reply: away until next week"
    mail["Date"] = formatdate()
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All"
    return mail


def complaint(returned: Returned) -> Message:
    """Somebody pressed the button for spam, and the provider passes it on."""
    domain = returned.recipient.rpartition("@")[2]
    mail = MIMEMultipart("report", report_type="feedback-report")
    mail["From"] = f"Abuse desk <feedback@{domain}>"
    mail["To"] = returned.envelope_sender
    mail["Subject"] = "Complaint about a mail of yours"
    mail["Date"] = formatdate()
    mail["Auto-Submitted"] = "auto-generated"
    mail.attach(MIMEText(f"A user of {domain} reported the mail below as spam.\n", "plain", "us-ascii"))
    fields = {
        "Feedback-Type": "abuse",
        "User-Agent": "Sandbox/1",
        "Version": "1",
        "Original-Mail-From": f"<{returned.envelope_sender}>",
        "Original-Rcpt-To": f"<{returned.recipient}>",
        "Arrival-Date": formatdate(),
        "Source-IP": "192.0.2.25",
    }
    mail.attach(plain_part("message/feedback-report", "".join(f"{name}: {fields[name]}\n" for name in fields)))
    mail.attach(original(returned))
    return mail
