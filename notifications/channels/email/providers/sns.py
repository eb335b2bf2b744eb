"""Messages of Amazon SNS: signature verification and subscription confirmation.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
https://docs.aws.amazon.com/sns/latest/dg/http-subscription-confirmation-json.html
"""

import binascii
import json
import logging
import re
from base64 import b64decode
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from . import sns_certificates, sns_http
from .events import NotNowError, UnreadableError, WebhookRejectedError

logger = logging.getLogger(__name__)

NOTIFICATION = "Notification"
SUBSCRIBED = "SubscriptionConfirmation"
UNSUBSCRIBED = "UnsubscribeConfirmation"
OLDEST = timedelta(hours=1)
AHEAD = timedelta(minutes=5)

_OF_SUBSCRIPTIONS = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    SUBSCRIBED: _OF_SUBSCRIPTIONS,
    UNSUBSCRIBED: _OF_SUBSCRIPTIONS,
}
_HASHES = {"1": SHA1, "2": SHA256}
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


def read(body: bytes) -> Mapping[str, str]:
    """Parse a message to its text fields; raises UnreadableError."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("no JSON") from error
    if not isinstance(message, dict):
        raise UnreadableError("no JSON object")
    return {name: value for name, value in message.items() if isinstance(value, str)}


def verify(message: Mapping[str, str], topics: Collection[str]) -> None:
    """Raise WebhookRejectedError unless SNS signed it recently for one of the topics; NotNowError when that is unknown.

    Checks without network access come first: a certificate is fetched only for one of our topics.
    """
    if message.get("TopicArn") not in topics:
        raise WebhookRejectedError("a topic that is not ours")
    _check_age(message.get("Timestamp", ""))
    signed = _text_to_sign(message)
    algorithm = _HASHES.get(message.get("SignatureVersion", ""))
    if algorithm is None:
        raise WebhookRejectedError("a signature of a version that we do not know")
    try:
        signature = b64decode(message.get("Signature", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise WebhookRejectedError("a signature that is none") from error
    key = sns_certificates.public_key(message.get("SigningCertURL", ""))
    try:
        key.verify(signature, signed, PKCS1v15(), algorithm())
    except InvalidSignature as error:
        raise WebhookRejectedError("a wrong signature") from error


def answer_subscription(message: Mapping[str, str]) -> None:
    """Confirm a verified subscription to one of our topics; log an error for operators when it has ended."""
    topic = message["TopicArn"]
    if message["Type"] == UNSUBSCRIBED:
        logger.error("Amazon SNS no longer tells us of %s: subscribe to the topic again.", topic)
        return
    url = message.get("SubscribeURL", "")
    if not _is_confirmation(url, topic):
        logger.error("What Amazon SNS has us open for %s leads elsewhere: confirm it in its console.", topic)
        return
    try:
        sns_http.get(url)
    except NotNowError as error:
        logger.error(  # noqa: TRY400  (the message says all)
            "The subscription of %s could not be confirmed (%s): have Amazon SNS ask again in its console.",
            topic,
            error,
        )
        return
    logger.info("Subscribed to %s.", topic)


def _check_age(written: str) -> None:
    if not _TIMESTAMP.fullmatch(written):
        raise WebhookRejectedError("no timestamp")
    try:
        age = datetime.now(UTC) - datetime.fromisoformat(written)
    except ValueError as error:
        raise WebhookRejectedError("no timestamp") from error
    if not -AHEAD <= age <= OLDEST:
        raise WebhookRejectedError(f"signed {age.total_seconds():.0f} seconds ago")


def _text_to_sign(message: Mapping[str, str]) -> bytes:
    """Return names and values line by line; a subject only where there is one."""
    names = _SIGNED.get(message.get("Type", ""))
    if names is None:
        raise WebhookRejectedError("a message of a type that we do not know")
    missing = [name for name in names if name not in message and name != "Subject"]
    if missing:
        raise WebhookRejectedError(f"without {', '.join(missing)}")
    lines = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
    return lines.encode("utf-8", "replace")


def _is_confirmation(url: str, topic: str) -> bool:
    if not sns_http.is_of_sns(url):
        return False
    asked = parse_qs(urlsplit(url).query)
    return asked.get("Action") == ["ConfirmSubscription"] and asked.get("TopicArn") == [topic]
