"""By what each provider proves that it is the one who calls. A leaf: the settings read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto


class Proof(Enum):
    SECRET = auto()
    """A name and password in the address that the provider is given (RFC 7617)."""
    KEY = auto()
    """Its signature, checked by a key."""
    KEY_OR_SECRET = auto()
    TOPIC = auto()
    """Amazon's signature, and a topic that we know."""


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
    """Which providers are let in, and by what."""

    providers: frozenset[str] = frozenset()
    secrets: tuple[str, ...] = ()
    """`user:password`; several while they are being changed."""
    keys: tuple[tuple[str, str], ...] = ()
    """Provider and key."""
    topics: frozenset[str] = frozenset()
    """ARNs of Amazon SNS."""

    def key(self, provider: str) -> str:
        """The key that its signature is checked by; empty without one."""
        return dict(self.keys).get(provider, "")

    def missing(self) -> Iterable[tuple[str, Proof]]:
        """The providers that could not prove anything."""
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
