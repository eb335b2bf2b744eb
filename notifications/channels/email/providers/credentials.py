"""How each provider's webhook is authenticated. Imports no other project module: the settings read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto


class Proof(Enum):
    SECRET = auto()
    """A name and password in the webhook URL given to the provider (RFC 7617)."""
    KEY = auto()
    """The provider's signature, checked with a key."""
    KEY_OR_SECRET = auto()
    TOPIC = auto()
    """Amazon's signature, and a known topic."""


PROOFS = {
    "amazon_ses": Proof.TOPIC,
    "brevo": Proof.SECRET,
    "mailersend": Proof.KEY,
    "mailgun": Proof.KEY,
    "mailjet": Proof.SECRET,
    "mailtrap": Proof.SECRET,
    "postal": Proof.KEY,
    "postmark": Proof.SECRET,
    "resend": Proof.SECRET,
    "sendgrid": Proof.KEY_OR_SECRET,
    "sparkpost": Proof.SECRET,
    "unisender_go": Proof.KEY,
}


@dataclass(frozen=True, slots=True)
class Access:
    """The enabled providers and their webhook credentials."""

    providers: frozenset[str] = frozenset()
    secrets: tuple[str, ...] = ()
    """`user:password`; several while they are being changed."""
    keys: tuple[tuple[str, str], ...] = ()
    """Provider and key."""
    topics: frozenset[str] = frozenset()
    """ARNs of Amazon SNS."""

    def key(self, provider: str) -> str:
        """Return the key for the provider's signature; empty without one."""
        return dict(self.keys).get(provider, "")

    def missing(self) -> Iterable[tuple[str, Proof]]:
        """Yield the enabled providers that have no credentials, with the proof each needs."""
        for provider in sorted(self.providers):
            proof = PROOFS[provider]
            proven = {
                Proof.SECRET: bool(self.secrets),
                Proof.KEY: bool(self.key(provider)),
                Proof.KEY_OR_SECRET: bool(self.key(provider) or self.secrets),
                Proof.TOPIC: bool(self.topics),
            }
            if not proven[proof]:
                yield provider, proof
