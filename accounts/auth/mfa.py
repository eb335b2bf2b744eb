"""Multi-factor authentication: who has it, and its secrets, encrypted in the database."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts.encryption import decrypt, encrypt
from accounts.models import User

_PURPOSE = "sellerhub.accounts.second_step"


class MfaAdapter(DefaultMFAAdapter):
    """Encrypts authenticator secrets and recovery codes, so that the database alone does not reveal them."""

    def encrypt(self, text: str) -> str:
        return encrypt(text, purpose=_PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt; raise InvalidToken when the key it was encrypted with is no longer in SECRET_KEY_FALLBACKS."""
        return decrypt(encrypted_text, purpose=_PURPOSE)


def is_on(user: User) -> bool:
    """Return whether the user has an app or a key. Recovery codes alone do not count, because they run out."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=user, type__in=kinds).exists()


def was_taken(request: HttpRequest, user: User) -> bool:
    """Return whether this session passed MFA; a session from before it was set up has not."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def page_to_take_it(user: User) -> str:
    """Return the URL name of the page to pass MFA again, by app if the user has one, else by key."""
    has_app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    return "mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn"


def set_up_app(user: User, secret: str) -> None:
    """Give a user an authenticator app with a known secret, for demos and tests only."""
    data = {"secret": MfaAdapter().encrypt(secret)}
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": data})
