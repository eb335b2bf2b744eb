"""Settings of SellerHub, from the environment alone. docs/operations.md lists every variable."""

import re
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from notifications.channels.email.server import Security, Server
from sellerhub.environment import log_format, switch, whole_number
from sellerhub.line_channels import line_channels
from sellerhub.mail_providers import mail_providers

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- What kind of run this is -------------------------------------------------------------------------------

DEVELOPMENT = switch("SELLERHUB_DEVELOPMENT")
"""One machine for trying and testing: plain HTTP, embedded servers, a throw-away secret key."""

DEBUG = switch("DEBUG")
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000" if DEVELOPMENT else "").rstrip("/")
if not SITE_URL:
    raise ImproperlyConfigured("Set SITE_URL to the address that sellers open, such as https://sellers.example.jp")
_site = urlsplit(SITE_URL)
if _site.scheme not in ("http", "https") or not _site.hostname:
    raise ImproperlyConfigured(f"SITE_URL must be a whole http or https address, not {SITE_URL!r}.")
if _site.scheme == "http" and not DEVELOPMENT:
    raise ImproperlyConfigured("SITE_URL must be https, except with SELLERHUB_DEVELOPMENT=1.")

ALLOWED_HOSTS = [_site.hostname, *env.list("ALLOWED_HOSTS", default=[])]
CSRF_TRUSTED_ORIGINS = [f"{_site.scheme}://{_site.netloc}"]

SECRET_KEY = env.str("SECRET_KEY", default="development-only-" + "x" * 50 if DEVELOPMENT else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to at least 50 random characters.")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# --- Applications -------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "bootstrap",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "phonenumber_field",
    "sellerhub",
    "accounts",
    "notifications",
]

MIDDLEWARE = [
    "sellerhub.request_ids.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.PrivatePagesMiddleware",
    "accounts.middleware.LastSeenMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.PersonalLocaleMiddleware",
    "accounts.middleware.OperatorSecondStepMiddleware",
]

ROOT_URLCONF = "sellerhub.urls"
WSGI_APPLICATION = "sellerhub.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["sellerhub.templatetags.icons"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sellerhub.context.page",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Servers ------------------------------------------------------------------------------------------------

_embedded_wanted = not all(env.str(name, default="") for name in ("DATABASE_URL", "BROKER_URL"))
if _embedded_wanted:
    from . import embedded

DATABASES = {"default": env.db("DATABASE_URL", default=embedded.database_url() if _embedded_wanted else "")}
if "postgresql" not in DATABASES["default"]["ENGINE"]:
    raise ImproperlyConfigured(
        "DATABASE_URL must name a PostgreSQL database: postgresql://user:password@host/name"
    )
DATABASES["default"] |= {
    "CONN_MAX_AGE": whole_number("DATABASE_CONN_MAX_AGE", default=60, least=0),
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,  # PgBouncer in transaction mode loses them
    # A server that is gone without a word is noticed within a minute.
    "OPTIONS": {"connect_timeout": 10, "keepalives_idle": 30, "tcp_user_timeout": 30_000}
    | DATABASES["default"].get("OPTIONS", {}),
}

BROKER_URL = env.str("BROKER_URL", default=embedded.broker_url() if _embedded_wanted else "")
CACHE_URL = env.str("CACHE_URL", default=embedded.cache_url() if _embedded_wanted else "")
if not CACHE_URL and BROKER_URL.startswith(("redis://", "rediss://")):
    CACHE_URL = BROKER_URL
if not CACHE_URL:
    raise ImproperlyConfigured("Set CACHE_URL to a Valkey or Redis server: redis://host:6379/1")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}


def ensure_servers() -> None:
    """Start or join the embedded servers, where no server is named."""
    if _embedded_wanted:
        embedded.ensure_running()


# --- Background work ----------------------------------------------------------------------------------------

CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_TIMEOUT = 3
if BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
        # With it, kombu 5.7 ends the worker when the connection is lost while a message is not acknowledged. A
        # lost message costs a delay at the most: every task is a bell, and the timetable rings them all.
        "ack_emulation": False,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "UTC"
CELERY_DB_REUSE_MAX = 1000
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # workers write the same discreet log as everybody

# --- E-mail -------------------------------------------------------------------------------------------------

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
"""To the relay, for each worker process."""
DELIVERY_TIMEOUT = whole_number("DELIVERY_TIMEOUT", default=60)
"""Seconds a worker waits for each answer of the relay; patient: what it gives up on may have been taken."""
DELIVERY_BATCH = whole_number("DELIVERY_BATCH", default=500)
DELIVERY_LEASE_SECONDS = whole_number("DELIVERY_LEASE_SECONDS", default=120)
"""After this the deliveries of a worker that died are taken by another."""
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"SellerHub <no-reply@{_site.hostname}>")
if "@" not in parseaddr(DEFAULT_FROM_EMAIL)[1]:
    raise ImproperlyConfigured("DEFAULT_FROM_EMAIL must hold an e-mail address: SellerHub <no-reply@example.jp>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
BOUNCE_DOMAIN = env.str("BOUNCE_DOMAIN", default="").strip().lower()
"""What cannot be delivered comes back to this domain; `manage.py receive_bounces` takes it."""
if not re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)?", BOUNCE_DOMAIN):
    raise ImproperlyConfigured(f"BOUNCE_DOMAIN must be a domain such as bounce.example.jp, not {BOUNCE_DOMAIN!r}.")
MAIL_PROVIDERS = mail_providers()
"""Who may tell us what became of our mail at `/anymail/<name>/tracking/`."""
ADDRESS_CONFIRMATION = env.str("ADDRESS_CONFIRMATION", default="require")
if ADDRESS_CONFIRMATION not in ("require", "off"):
    raise ImproperlyConfigured(f"ADDRESS_CONFIRMATION must be require or off, not {ADDRESS_CONFIRMATION!r}.")

# --- LINE ---------------------------------------------------------------------------------------------------

LINE = line_channels(development=DEVELOPMENT)
"""None: LINE is not offered."""
LINE_CONCURRENCY = whole_number("LINE_CONCURRENCY", default=32)
"""Pushes under way at once, for each worker process."""
OPERATOR_EMAILS = env.list("OPERATOR_EMAILS", default=[])
ADMINS = [("", email) for email in OPERATOR_EMAILS]
EMAIL_SUBJECT_PREFIX = "[SellerHub] "

# --- People and sign-in -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
SHOP_TIES = ["notifications.linking.ties.LineTie"]
"""What hangs on who is a shop's primary user; see `accounts.ties`."""
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "login": "accounts.forms.entrance.LoginForm",
    "signup": "accounts.forms.entrance.SignupForm",
    "add_email": "accounts.forms.entrance.AddEmailForm",
    "change_password": "accounts.forms.entrance.ChangePasswordForm",
    "set_password": "accounts.forms.entrance.SetPasswordForm",
    "reset_password": "accounts.forms.entrance.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.entrance.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.entrance.ReauthenticateForm",
}
ACCOUNT_RATE_LIMITS = {
    "invite": "30/h/user,10/d/key",
    "link_line": "20/h/user",
    "test_line": "5/h/key",
    "test_mail": "10/h/key",
    "test_broadcast": "30/h/user",
    "unsubscribe": "30/h/key",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
MFA_ADAPTER = "accounts.second_step.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.forms.entrance.AuthenticateForm",
    "reauthenticate": "accounts.forms.entrance.ReauthenticateByCodeForm",
    "activate_totp": "accounts.forms.entrance.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.entrance.AddWebAuthnForm",
    "edit_webauthn": "accounts.forms.entrance.EditWebAuthnForm",
}
MFA_TOTP_ISSUER = "SellerHub"
MFA_TOTP_TOLERANCE = 1  # the code before and the one after: clocks differ, and typing takes time (RFC 6238, 5.2)
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT

# --- Language and time --------------------------------------------------------------------------------------

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "sellerhub.formats"
TIME_ZONE = "Asia/Tokyo"
PHONENUMBER_DEFAULT_REGION = "JP"

# --- Static files -------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Security -----------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = _site.scheme == "https"
SECURE_HSTS_SECONDS = 31_536_000 if _site.scheme == "https" else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HSTS_SECONDS > 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
if switch("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Limits count visitors, not the proxy: it adds the last address, what stands before that anybody can write.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _site.scheme == "https"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
LANGUAGE_COOKIE_AGE = 31_536_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
EVENTS_BODY_BYTES = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = EVENTS_BODY_BYTES

# --- Well-being ---------------------------------------------------------------------------------------------

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

# --- Logs ---------------------------------------------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
if LOG_LEVEL not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
    raise ImproperlyConfigured(f"LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL, not {LOG_LEVEL!r}.")
LOG_FORMAT = log_format()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "sellerhub.logs.DiscreetFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
        "json": {"()": "sellerhub.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    # At DEBUG these write tokens and whole answers.
    "loggers": {name: {"level": "INFO"} for name in ("urllib3", "linebot")} if LOG_LEVEL == "DEBUG" else {},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
