"""Read strictly from the environment which mail providers may post delivery events, and how they authenticate."""

import os
import re
from base64 import b64decode

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.core.exceptions import ImproperlyConfigured

from notifications.channels.email.providers.credentials import PROOFS, Access, Proof

_LEAST_CHARACTERS = 16
_TOPIC = re.compile(r"arn:aws:sns:[a-z]{2}(-[a-z]{2,12}){1,3}-\d{1,2}:\d{12}:[A-Za-z0-9_-]{1,256}")
_PUBLIC_KEYS = {"sendgrid": EllipticCurvePublicKey, "postal": RSAPublicKey}
"""The other providers' keys are shared secrets."""


def mail_providers() -> Access:
    """Return the named providers with their secrets; raise ImproperlyConfigured when a secret is missing or invalid."""
    providers = _list("MAIL_PROVIDERS")
    for name in providers:
        if name not in PROOFS:
            raise ImproperlyConfigured(f"MAIL_PROVIDERS: {name!r} is none of {', '.join(PROOFS)}.")
    access = Access(
        providers=frozenset(providers),
        secrets=tuple(_secrets()),
        keys=tuple((name, key) for name in PROOFS if (key := _key(name))),
        topics=frozenset(_topics()),
    )
    for name, proof in access.missing():
        variables = {
            Proof.SECRET: "MAIL_WEBHOOK_SECRETS",
            Proof.KEY: _variable(name),
            Proof.KEY_OR_SECRET: f"{_variable(name)} or MAIL_WEBHOOK_SECRETS",
            Proof.TOPIC: "SES_TOPICS",
        }
        raise ImproperlyConfigured(f"MAIL_PROVIDERS names {name}, so set {variables[proof]} too.")
    return access


def _list(name: str) -> list[str]:
    return [value.strip() for value in os.environ.get(name, "").split(",") if value.strip()]


def _variable(provider: str) -> str:
    return f"{provider.upper()}_WEBHOOK_KEY"


def _secrets() -> list[str]:
    secrets = _list("MAIL_WEBHOOK_SECRETS")
    for secret in secrets:
        user, _colon, password = secret.partition(":")
        if not user or len(password) < _LEAST_CHARACTERS:
            raise ImproperlyConfigured(
                f"MAIL_WEBHOOK_SECRETS must be user:password with at least {_LEAST_CHARACTERS} characters behind"
                " the colon, several separated by commas."
            )
    return secrets


def _topics() -> list[str]:
    topics = _list("SES_TOPICS")
    for topic in topics:
        if not _TOPIC.fullmatch(topic):
            raise ImproperlyConfigured(
                f"SES_TOPICS must hold ARNs such as arn:aws:sns:ap-northeast-1:123456789012:mail, not {topic!r}."
            )
    return topics


def _key(provider: str) -> str:
    key = "".join(os.environ.get(_variable(provider), "").split())
    if not key or PROOFS[provider] not in (Proof.KEY, Proof.KEY_OR_SECRET):
        return ""
    kind = _PUBLIC_KEYS.get(provider)
    if kind is None:
        if not key.isascii() or len(key) < _LEAST_CHARACTERS:
            raise ImproperlyConfigured(f"{_variable(provider)} is too short to be the signing key.")
        return key
    try:
        is_right = isinstance(load_der_public_key(b64decode(key, validate=True)), kind)
    except ValueError:
        is_right = False
    if not is_right:
        raise ImproperlyConfigured(f"{_variable(provider)} must be the public key as the provider shows it.")
    return key
