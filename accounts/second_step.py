"""What the second step of sign-in keeps secret, encrypted in the database."""

from allauth.mfa.adapter import DefaultMFAAdapter

from .sealing import seal, unseal

_PURPOSE = "sellerhub.accounts.second_step"


class SecondStepAdapter(DefaultMFAAdapter):
    """Who reads the database alone finds no authenticator app's secret and no recovery code."""

    def encrypt(self, text: str) -> str:
        return seal(text, purpose=_PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises InvalidToken when the key of that day is in SECRET_KEY_FALLBACKS no more."""
        return unseal(encrypted_text, purpose=_PURPOSE)
