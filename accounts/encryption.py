"""Encryption of database values with keys derived from SECRET_KEY.

Each purpose has its own key (HKDF, RFC 5869), so that signatures and encryption never share one.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def encrypt(text: str, *, purpose: str) -> str:
    """Encrypt with the current SECRET_KEY."""
    return _ciphers(purpose).encrypt(text.encode()).decode()


def decrypt(sealed: str, *, purpose: str) -> str:
    """Decrypt, also what was encrypted with former keys.

    Raises InvalidToken when the key is no longer in SECRET_KEY_FALLBACKS.
    """
    return _ciphers(purpose).decrypt(sealed).decode()


def _ciphers(purpose: str) -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet(Fernet(derive_key(key, purpose=purpose)) for key in keys)


def derive_key(key: str, *, purpose: str) -> bytes:
    """Derive the key for this purpose, in the format of Fernet."""
    derivation = HKDF(SHA256(), length=32, salt=None, info=purpose.encode())
    return urlsafe_b64encode(derivation.derive(key.encode()))
