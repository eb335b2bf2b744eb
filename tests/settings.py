"""The site's own settings on a development machine, with what makes tests quick."""

from devtools.settings import *  # noqa: F403
from notifications.channels.line.config import LineServer

STORAGES["staticfiles"] = {"BACKEND": "tests.static_storage.ExistingFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Offered everywhere; nobody is there: tests that talk to LINE start the sandbox's.
LINE = LineServer(
    channel_id="2000000001",
    channel_secret="8c570fa6dd201bb328f1c1eac23a96d8",
    login_channel_id="2000000002",
    login_channel_secret="0123456789abcdef0123456789abcdef",
    friend_url="http://127.0.0.1:9/line/add",
    api_url="http://127.0.0.1:9",
    access_url="http://127.0.0.1:9",
    pictures_url="http://127.0.0.1:9",
)
