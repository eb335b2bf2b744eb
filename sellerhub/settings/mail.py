"""Settings of outgoing e-mail, bounces and the providers' webhooks."""

import re
from email.utils import parseaddr

from django.core.exceptions import ImproperlyConfigured

from notifications.channels.email.smtp.server import Security, Server
from sellerhub.environment import whole_number

from .mail_providers import mail_providers
from .site import DEVELOPMENT, SITE, env

EMAIL_URL = env.str("EMAIL_URL", default="smtp://127.0.0.1:2525" if DEVELOPMENT else "")
if not EMAIL_URL:
    raise ImproperlyConfigured("Set EMAIL_URL to the mail relay: smtp+tls://user:password@host:587")
try:
    _relay = Server.from_url(EMAIL_URL)
except ValueError as error:
    raise ImproperlyConfigured(f"EMAIL_URL: {error}") from error
EMAIL_HOST, EMAIL_PORT = _relay.host, _relay.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _relay.user, _relay.password
EMAIL_USE_TLS = _relay.security is Security.STARTTLS
EMAIL_USE_SSL = _relay.security is Security.TLS
EMAIL_TIMEOUT = whole_number("EMAIL_TIMEOUT", default=10)
EMAIL_CONNECTIONS = whole_number("EMAIL_CONNECTIONS", default=8)
"""Connections to the relay, for each worker process."""
DELIVERY_TIMEOUT = whole_number("DELIVERY_TIMEOUT", default=60)
"""Seconds to wait for each response of the relay; long, because a message may be accepted after a timeout."""
DELIVERY_BATCH = whole_number("DELIVERY_BATCH", default=500)
DELIVERY_LEASE_SECONDS = whole_number("DELIVERY_LEASE_SECONDS", default=120)
"""After this the deliveries of a worker that died are claimed by another."""
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"SellerHub <no-reply@{SITE.hostname}>")
if "@" not in parseaddr(DEFAULT_FROM_EMAIL)[1]:
    raise ImproperlyConfigured("DEFAULT_FROM_EMAIL must hold an e-mail address: SellerHub <no-reply@example.jp>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
BOUNCE_DOMAIN = env.str("BOUNCE_DOMAIN", default="").strip().lower()
"""Domain of the envelope senders, to which bounces return; `manage.py receive_bounces` receives them."""
if not re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)?", BOUNCE_DOMAIN):
    raise ImproperlyConfigured(f"BOUNCE_DOMAIN must be a domain such as bounce.example.jp, not {BOUNCE_DOMAIN!r}.")
MAIL_PROVIDERS = mail_providers()
"""The providers that may post delivery events to `/anymail/<name>/tracking/`."""
ADDRESS_CONFIRMATION = env.str("ADDRESS_CONFIRMATION", default="require")
if ADDRESS_CONFIRMATION not in ("require", "off"):
    raise ImproperlyConfigured(f"ADDRESS_CONFIRMATION must be require or off, not {ADDRESS_CONFIRMATION!r}.")
