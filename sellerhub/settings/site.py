"""Settings of the site: its URL, its secret key, development or production."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from sellerhub.environment import switch

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

DEVELOPMENT = switch("SELLERHUB_DEVELOPMENT")
"""For development and tests on one machine: allows plain HTTP and a fixed secret key."""

DEBUG = switch("DEBUG")
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000" if DEVELOPMENT else "").rstrip("/")
if not SITE_URL:
    raise ImproperlyConfigured("Set SITE_URL to the address that sellers open, such as https://sellers.example.jp")
SITE = urlsplit(SITE_URL)
if SITE.scheme not in ("http", "https") or not SITE.hostname:
    raise ImproperlyConfigured(f"SITE_URL must be a whole http or https address, not {SITE_URL!r}.")
if SITE.scheme == "http" and not DEVELOPMENT:
    raise ImproperlyConfigured("SITE_URL must be https, except with SELLERHUB_DEVELOPMENT=1.")

ALLOWED_HOSTS = [SITE.hostname, *env.list("ALLOWED_HOSTS", default=[])]
CSRF_TRUSTED_ORIGINS = [f"{SITE.scheme}://{SITE.netloc}"]

SECRET_KEY = env.str("SECRET_KEY", default="development-only-" + "x" * 50 if DEVELOPMENT else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to at least 50 random characters.")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
