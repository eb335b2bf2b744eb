"""Read the two LINE channels (Messaging API and LINE Login) strictly from the environment."""

import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from notifications.channels.line.config import ACCESS_URL, API_URL, PICTURES_URL, LineServer

_NEEDED = (
    "LINE_CHANNEL_ID",
    "LINE_CHANNEL_SECRET",
    "LINE_LOGIN_CHANNEL_ID",
    "LINE_LOGIN_CHANNEL_SECRET",
    "LINE_FRIEND_URL",
)


def line_channels(*, development: bool) -> LineServer | None:
    """Return the LINE settings, None where no LINE variable is set; raise ImproperlyConfigured where some are."""
    given = {name: os.environ.get(name, "").strip() for name in _NEEDED}
    missing = [name for name, value in given.items() if not value]
    if len(missing) == len(given):
        return None
    if missing:
        raise ImproperlyConfigured(f"LINE needs all of its settings or none: set {', '.join(missing)} too.")
    line = LineServer(
        channel_id=given["LINE_CHANNEL_ID"],
        channel_secret=given["LINE_CHANNEL_SECRET"],
        login_channel_id=given["LINE_LOGIN_CHANNEL_ID"],
        login_channel_secret=given["LINE_LOGIN_CHANNEL_SECRET"],
        friend_url=given["LINE_FRIEND_URL"],
        former_channel_secret=os.environ.get("LINE_FORMER_CHANNEL_SECRET", ""),
        api_url=os.environ.get("LINE_API_URL", API_URL).rstrip("/"),
        access_url=os.environ.get("LINE_ACCESS_URL", ACCESS_URL).rstrip("/"),
        pictures_url=os.environ.get("LINE_PICTURES_URL", PICTURES_URL).rstrip("/"),
    )
    if not development:
        for name in ("friend_url", "api_url", "access_url", "pictures_url"):
            if urlsplit(getattr(line, name)).scheme != "https":
                raise ImproperlyConfigured(f"LINE_{name.upper()} must be https, except with SELLERHUB_DEVELOPMENT=1.")
    return line
