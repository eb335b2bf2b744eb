"""The SMTP server for outgoing mail, configured by one URL."""

from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import unquote, urlsplit


class Security(Enum):
    PLAIN = "smtp"
    STARTTLS = "smtp+tls"
    TLS = "smtps"


_PORTS = {Security.PLAIN: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    security: Security = Security.PLAIN
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str) -> "Server":
        """Parse `smtp://`, `smtp+tls://` (STARTTLS, required) or `smtps://`; raises ValueError with a sentence."""
        parts = urlsplit(url)
        try:
            security = Security(parts.scheme)
            port = parts.port or _PORTS[security]
        except ValueError as error:
            raise ValueError(
                "The mail server must be written smtp://host:port, smtp+tls://host:port or smtps://host:port."
            ) from error
        if not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError("The mail server's URL must hold a host, and nothing after the port.")
        return cls(
            host=parts.hostname,
            port=port,
            security=security,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )
