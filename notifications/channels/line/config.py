"""The LINE channels and URLs from the settings. Both channels must belong to one provider: user IDs differ by it."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

API_URL = "https://api.line.me"
ACCESS_URL = "https://access.line.me"
PICTURES_URL = "https://profile.line-scdn.net"
CONNECT_SECONDS, READ_SECONDS = 3, 10


@dataclass(frozen=True, slots=True)
class LineServer:
    """The two channels of one provider: Messaging API sends, LINE Login identifies users."""

    channel_id: str
    channel_secret: str
    login_channel_id: str
    login_channel_secret: str
    friend_url: str
    """The URL where users add the official account as a friend."""
    former_channel_secret: str = ""
    """Still accepted for signatures while the secret is being changed."""
    api_url: str = API_URL
    access_url: str = ACCESS_URL
    pictures_url: str = PICTURES_URL

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return the secrets with which a webhook may be signed."""
        return tuple(filter(None, (self.channel_secret, self.former_channel_secret)))


def configured() -> LineServer:
    """Return LINE's configuration; raises ImproperlyConfigured where LINE is not set up."""
    server: LineServer | None = settings.LINE
    if server is None:
        raise ImproperlyConfigured("LINE is not set up: set LINE_CHANNEL_ID and what belongs to it.")
    return server
