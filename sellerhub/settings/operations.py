"""Settings for operators: error e-mail, access to metrics, and retention times."""

from django.core.exceptions import ImproperlyConfigured

from sellerhub.environment import whole_number

from .site import env

OPERATOR_EMAILS = env.list("OPERATOR_EMAILS", default=[])
ADMINS = [("", email) for email in OPERATOR_EMAILS]
EMAIL_SUBJECT_PREFIX = "[SellerHub] "

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
"""Bearer token of /metrics. Empty: no access, except with SELLERHUB_DEVELOPMENT=1."""
if METRICS_TOKEN and len(METRICS_TOKEN) < 16:
    raise ImproperlyConfigured("METRICS_TOKEN is too short: set at least 16 random characters.")
RETENTION_RAW_DAYS = whole_number("RETENTION_RAW_DAYS", default=30)
"""How long the bodies of source messages are kept."""
RETENTION_WEBHOOK_DAYS = whole_number("RETENTION_WEBHOOK_DAYS", default=90, least=7)
"""How long the records of source messages and LINE's events are kept."""
if RETENTION_WEBHOOK_DAYS < RETENTION_RAW_DAYS:
    raise ImproperlyConfigured("RETENTION_WEBHOOK_DAYS must not be less than RETENTION_RAW_DAYS.")
RETENTION_NOTIFICATIONS_DAYS = whole_number("RETENTION_NOTIFICATIONS_DAYS", default=400, least=400)
"""How long notifications and deliveries are kept; at least 400: events of that age must be recognised as duplicates."""
