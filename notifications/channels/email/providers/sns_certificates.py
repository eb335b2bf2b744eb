"""Signing certificates of Amazon SNS, fetched only from Amazon SNS and cached."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import NameOID

from . import sns_http
from .events import WebhookRejectedError

_PATH = re.compile(r"/SimpleNotificationService-[0-9a-f]{8,64}\.pem")
_SUBJECT = "sns.amazonaws.com"
_LEAST_BITS = 2048


def public_key(url: str) -> RSAPublicKey:
    """Return a valid certificate's key; raises WebhookRejectedError, or NotNowError when it cannot be fetched."""
    if not sns_http.is_of_sns(url) or not _PATH.fullmatch(urlsplit(url).path) or "?" in url or "#" in url:
        raise WebhookRejectedError("a certificate from elsewhere")
    certificate = _fetch(url)
    if not certificate.not_valid_before_utc <= datetime.now(UTC) <= certificate.not_valid_after_utc:
        raise WebhookRejectedError("a certificate that is not valid now")
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey) or key.key_size < _LEAST_BITS:
        raise WebhookRejectedError("a certificate of a kind that SNS does not use")
    return key


@lru_cache(maxsize=16)
def _fetch(url: str) -> x509.Certificate:
    try:
        certificate = x509.load_pem_x509_certificate(sns_http.get(url))
    except ValueError as error:
        raise WebhookRejectedError("a certificate that is none") from error
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if [name.value for name in names] != [_SUBJECT]:
        raise WebhookRejectedError("a certificate of somebody else")
    return certificate
