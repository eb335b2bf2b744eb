"""Operators: who is told of errors, who may read metrics, and how long records are kept."""

from django.core.exceptions import ImproperlyConfigured

from sellerhub.environment import whole_number

from .site import env

OPERATOR_EMAILS = env.list("OPERATOR_EMAILS", default=[])
ADMINS = [("", email) for email in OPERATOR_EMAILS]
EMAIL_SUBJECT_PREFIX = "[SellerHub] "

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
"""Whoever reads /metrics sends it as a bearer token. Empty: nobody may, except with SELLERHUB_DEVELOPMENT=1."""
if METRICS_TOKEN and len(METRICS_TOKEN) < 16:
    raise ImproperlyConfigured("METRICS_TOKEN is too short: set at least 16 random characters.")
RETENTION_RAW_DAYS = whole_number("RETENTION_RAW_DAYS", default=30)
"""What sources sent is kept as it came for so long."""
RETENTION_WEBHOOK_DAYS = whole_number("RETENTION_WEBHOOK_DAYS", default=90, least=7)
"""What is known of each message of a source, and LINE's events."""
if RETENTION_WEBHOOK_DAYS < RETENTION_RAW_DAYS:
    raise ImproperlyConfigured("RETENTION_WEBHOOK_DAYS must not be less than RETENTION_RAW_DAYS.")
RETENTION_NOTIFICATIONS_DAYS = whole_number("RETENTION_NOTIFICATIONS_DAYS", default=400, least=400)
"""Notifications with all that became of them. Not less: an event of that age may still come in again."""
