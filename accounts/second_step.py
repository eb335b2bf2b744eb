"""What the second step of sign-in keeps secret, encrypted in the database."""

from base64 import urlsafe_b64encode

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"sellerhub.accounts.second_step"


class SecondStepAdapter(DefaultMFAAdapter):
    """Who reads the database alone finds no authenticator app's secret and no recovery code."""

    def encrypt(self, text: str) -> str:
        return _ciphers().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises InvalidToken when the key of that day is in SECRET_KEY_FALLBACKS no more."""
        return _ciphers().decrypt(encrypted_text).decode()


def _ciphers() -> MultiFernet:
    """Encrypts by SECRET_KEY, decrypts by former keys too."""
    return MultiFernet(Fernet(_derived(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def _derived(key: str) -> bytes:
    """A key for this purpose alone (HKDF, RFC 5869): what is signed and what is encrypted share none."""
    return urlsafe_b64encode(HKDF(SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode()))
