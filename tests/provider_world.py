"""Mail providers as they call: the shapes that they document, signed as they sign.

Each function says one thing about one mail; what a test changes it gives by name.
"""

import json
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import cache
from hmac import digest
from typing import Any
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.test import Client

from notifications.channels.email.providers.credentials import Access
from notifications.channels.email.return_path import AttemptRef, ReturnPath

DOMAIN = "sellers.test"
BOUNCE_DOMAIN = "bounce.sellers.test"
SECRET = "relay:0123456789abcdef"
MAILGUN_KEY = "key-0123456789abcdef"
TOPIC = "arn:aws:sns:ap-northeast-1:123456789012:mail"
CERTIFICATE_URL = "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123.pem"
FULL = "552 5.2.2 The email account that you tried to reach is over quota"
UNKNOWN = "550 5.1.1 The email account that you tried to reach does not exist"

Data = dict[str, Any]


@cache
def sendgrid_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def sns_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def all_access() -> Access:
    """Every provider that is tried here may call."""
    public = sendgrid_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Access(
        providers=frozenset({"amazon_ses", "sendgrid", "mailgun", "postmark", "brevo"}),
        secrets=(SECRET, "relay:former-0123456789"),
        keys=(("sendgrid", b64encode(public).decode()), ("mailgun", MAILGUN_KEY)),
        topics=frozenset({TOPIC}),
    )


def return_path() -> ReturnPath:
    return ReturnPath(BOUNCE_DOMAIN, secret=settings.SECRET_KEY)


def sender(delivery_id: Any, at: datetime | None = None) -> str:
    """The envelope sender of a mail of ours."""
    return return_path().address(AttemptRef(delivery_id, at or datetime.now(UTC))).decode()


def message_id(delivery_id: Any) -> str:
    return f"<{delivery_id}@{DOMAIN}>"


# --- Amazon SES by SNS ----------------------------------------------------------------------------------------


def ses(kind: str, *, to: str, source: str = "", headers: list[Data] | None = None, **more: Any) -> Data:
    """What SES publishes: `kind` is Bounce, Complaint, Delivery or another; `more` goes into the object of it."""
    told = {
        "Bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [
                {
                    "emailAddress": to,
                    "action": "failed",
                    "status": "5.1.1",
                    "diagnosticCode": f"smtp; {UNKNOWN}",
                }
            ],
            "timestamp": _iso(),
            "feedbackId": "0106-1",
            "reportingMTA": "dns; a27-23.smtp-out.amazonses.com",
        },
        "Complaint": {
            "complainedRecipients": [{"emailAddress": to}],
            "timestamp": _iso(),
            "feedbackId": "0106-2",
            "userAgent": "AnyCompany Feedback Loop (V0.01)",
            "complaintFeedbackType": "abuse",
        },
        "Delivery": {
            "timestamp": _iso(),
            "processingTimeMillis": 546,
            "recipients": [to],
            "smtpResponse": "250 ok:  Message 64111812 accepted",
            "reportingMTA": "a8-70.smtp-out.amazonses.com",
        },
    }.get(kind, {})
    mail = {
        "timestamp": _iso(),
        "source": source or "no-reply@sellers.test",
        "sourceArn": "arn:aws:ses:ap-northeast-1:123456789012:identity/sellers.test",
        "sendingAccountId": "123456789012",
        "messageId": "0106-ses-own-id",
        "destination": [to],
        "headersTruncated": False,
        "headers": headers or [],
    }
    return {"notificationType": kind, "mail": mail, kind.lower(): told | more}


def ses_bounce(bounce_type: str, sub_type: str, *, to: str, status: str = "", words: str = "", **more: Any) -> Data:
    recipient = {"emailAddress": to, "action": "failed"}
    recipient |= {"status": status} if status else {}
    recipient |= {"diagnosticCode": f"smtp; {words}"} if words else {}
    told = {"bounceType": bounce_type, "bounceSubType": sub_type, "bouncedRecipients": [recipient]}
    return ses("Bounce", to=to, **told, **more)


def sns(message: Data | str, *, version: str = "2", key: rsa.RSAPrivateKey | None = None, **fields: str) -> Data:
    """A signed message of SNS; `fields` are changed before the signature."""
    said = {
        "Type": "Notification",
        "MessageId": str(uuid4()),
        "TopicArn": TOPIC,
        "Message": message if isinstance(message, str) else json.dumps(message),
        "Timestamp": _iso(),
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE_URL,
    } | fields
    names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    text = "".join(f"{name}\n{said[name]}\n" for name in names if name in said)
    algorithm = SHA1() if version == "1" else SHA256()  # noqa: S303  (SNS still does)
    signature = (key or sns_key()).sign(text.encode(), padding.PKCS1v15(), algorithm)
    return said | {"Signature": b64encode(signature).decode()}


def subscription(**fields: str) -> Data:
    url = f"https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2336412f37"
    more = {"Type": "SubscriptionConfirmation", "Token": "2336412f37", "SubscribeURL": url} | fields
    return sns("You have chosen to subscribe to the topic.", **more)


def certificate(*, name: str = "sns.amazonaws.com", days: tuple[int, int] = (-10, 300), key: Any = None) -> bytes:
    """As SNS offers it, in PEM."""
    key = key or sns_key()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .sign(key, SHA256())
    )
    return made.public_bytes(Encoding.PEM)


# --- The others -----------------------------------------------------------------------------------------------


def sendgrid(kind: str, delivery_id: Any, *, to: str, number: int = 1, **more: Any) -> Data:
    """One event; a call holds a list of them."""
    return {
        "email": to,
        "timestamp": int(time.time()),
        "smtp-id": message_id(delivery_id),
        "event": kind,
        "category": ["notification"],
        "sg_event_id": f"event-{number}-{delivery_id}"[:60],
        "sg_message_id": f"14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.{number}",
    } | more


def sendgrid_bounce(delivery_id: Any, *, to: str, words: str = UNKNOWN, status: str = "5.1.1", **more: Any) -> Data:
    return sendgrid("bounce", delivery_id, to=to, reason=words, status=status, type="bounce", tls=1, **more)


def mailgun(kind: str, *, to: str, sender: str = "", message: str = "", **more: Any) -> Data:
    """`event-data` of one event."""
    return {
        "event": kind,
        "id": "Ase7i2zsRYeDXztHGENqRA",
        "timestamp": time.time(),
        "log-level": "error",
        "recipient": to,
        "recipient-domain": to.rpartition("@")[2],
        "envelope": {"sender": sender or "no-reply@sellers.test", "transport": "smtp", "targets": to},
        "message": {"headers": {"to": to, "message-id": message.strip("<>"), "from": "SellerHub"}, "size": 809},
        "tags": [],
        "user-variables": {},
        "flags": {"is-routed": False, "is-authenticated": True, "is-test-mode": False},
    } | more


def mailgun_status(code: int, message: str, **more: Any) -> Data:
    return {"tls": True, "mx-host": "mx.ok.test", "attempt-no": 1, "description": "", "code": code} | {
        "message": message,
        **more,
    }


def mailgun_signed(data: Data, *, at: float | None = None, token: str = "", key: str = MAILGUN_KEY) -> Data:
    timestamp, token = str(int(at if at is not None else time.time())), token or uuid4().hex
    signature = digest(key.encode(), f"{timestamp}{token}".encode(), "sha256").hex()
    return {"signature": {"timestamp": timestamp, "token": token, "signature": signature}, "event-data": data}


def postmark(kind: str, code: int, delivery_id: Any, *, to: str, details: str = "", **more: Any) -> Data:
    return {
        "RecordType": "Bounce",
        "ID": 4323372036854775807,
        "Type": kind,
        "TypeCode": code,
        "Name": kind,
        "Tag": "",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Metadata": {"delivery": str(delivery_id)},
        "ServerID": 23,
        "MessageStream": "outbound",
        "Description": "What Postmark says of such bounces.",
        "Details": details,
        "Email": to,
        "From": "no-reply@sellers.test",
        "BouncedAt": _iso(),
        "DumpAvailable": True,
        "Inactive": False,
        "CanActivate": True,
        "Subject": "SellerHub",
    } | more


def postmark_delivery(delivery_id: Any, *, to: str) -> Data:
    return {
        "RecordType": "Delivery",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Recipient": to,
        "DeliveredAt": _iso(),
        "Details": "Test delivery webhook details",
        "Tag": "",
        "ServerID": 23,
        "Metadata": {"delivery": str(delivery_id)},
        "MessageStream": "outbound",
    }


def basic(secret: str = SECRET) -> dict[str, str]:
    return {"authorization": f"Basic {b64encode(secret.encode()).decode()}"}


def call(client: Client, provider: str, data: Any, **headers: str) -> Any:
    """Post as the provider does, signed by what it signs with; headers named here win."""
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    proof = {}
    if provider == "sendgrid":
        timestamp = str(int(time.time()))
        signature = sendgrid_key().sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
        proof = {
            "x-twilio-email-event-webhook-signature": b64encode(signature).decode(),
            "x-twilio-email-event-webhook-timestamp": timestamp,
        }
    elif provider in ("postmark", "brevo"):
        proof = basic()
    content_type = "text/plain; charset=UTF-8" if provider == "amazon_ses" else "application/json"
    # `post` would decode what is called text.
    return client.generic("POST", f"/anymail/{provider}/tracking/", body, content_type, headers=proof | headers)


def _iso() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
