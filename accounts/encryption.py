"""What must be read again and yet not stand in the database in the clear, sealed by SECRET_KEY.

Each purpose has a key of its own (HKDF, RFC 5869): what is signed and what is encrypted share none.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def encrypt(text: str, *, purpose: str) -> str:
    """Encrypt under the present SECRET_KEY."""
    return _ciphers(purpose).encrypt(text.encode()).decode()


def decrypt(sealed: str, *, purpose: str) -> str:
    """Decrypt, also what was sealed under former keys.

    Raises InvalidToken when the key of that day is in SECRET_KEY_FALLBACKS no more.
    """
    return _ciphers(purpose).decrypt(sealed).decode()


def _ciphers(purpose: str) -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet(Fernet(derive_key(key, purpose=purpose)) for key in keys)


def derive_key(key: str, *, purpose: str) -> bytes:
    """A key for this purpose alone, in the form that Fernet wants."""
    derivation = HKDF(SHA256(), length=32, salt=None, info=purpose.encode())
    return urlsafe_b64encode(derivation.derive(key.encode()))
