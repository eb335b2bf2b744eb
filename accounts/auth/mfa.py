"""The second step of sign-in: who has one, and what it keeps secret, encrypted in the database."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts.encryption import decrypt, encrypt
from accounts.models import User

_PURPOSE = "sellerhub.accounts.second_step"


class MfaAdapter(DefaultMFAAdapter):
    """Who reads the database alone finds no authenticator app's secret and no recovery code."""

    def encrypt(self, text: str) -> str:
        return encrypt(text, purpose=_PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises InvalidToken when the key of that day is in SECRET_KEY_FALLBACKS no more."""
        return decrypt(encrypted_text, purpose=_PURPOSE)


def is_on(user: User) -> bool:
    """Whether signing in asks this person for an app or a key. Recovery codes alone are none: they run out."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=user, type__in=kinds).exists()


def was_taken(request: HttpRequest, user: User) -> bool:
    """Whether this very session passed it: one that began before it was set up has not."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def page_to_take_it(user: User) -> str:
    """The name of the page where this person passes it again, by app where there is one, else by key."""
    has_app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    return "mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn"


def set_up_app(user: User, secret: str) -> None:
    """Give a person an authenticator app with a known secret: for demos and tests alone."""
    data = {"secret": MfaAdapter().encrypt(secret)}
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": data})
