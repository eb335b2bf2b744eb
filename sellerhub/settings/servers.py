"""Settings of PostgreSQL, the cache, the broker and Celery."""

from django.core.exceptions import ImproperlyConfigured

from sellerhub.environment import whole_number

from .site import env

if not env.str("DATABASE_URL", default=""):
    raise ImproperlyConfigured("Set DATABASE_URL to a PostgreSQL database: postgresql://user:password@host/name")
DATABASES = {"default": env.db("DATABASE_URL")}
if "postgresql" not in DATABASES["default"]["ENGINE"]:
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgresql://user:password@host/name")
DATABASES["default"] |= {
    "CONN_MAX_AGE": whole_number("DATABASE_CONN_MAX_AGE", default=60, least=0),
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,  # they do not work with PgBouncer in transaction mode
    # Detects a server that disappeared without closing the connection within a minute.
    "OPTIONS": {"connect_timeout": 10, "keepalives_idle": 30, "tcp_user_timeout": 30_000}
    | DATABASES["default"].get("OPTIONS", {}),
}

BROKER_URL = env.str("BROKER_URL", default="")
if not BROKER_URL:
    raise ImproperlyConfigured("Set BROKER_URL to Valkey, Redis or RabbitMQ: redis://host:6379/0")
CACHE_URL = env.str("CACHE_URL", default="")
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


CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_TIMEOUT = 3
if BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
        # With it, kombu 5.7 ends the worker when the connection is lost while a message is not acknowledged. A
        # lost message costs a delay at most: the work is stored in PostgreSQL, and periodic tasks look for it.
        "ack_emulation": False,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "UTC"
CELERY_DB_REUSE_MAX = 1000
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # workers log through the same formatters
