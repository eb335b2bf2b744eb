"""Settings of logging: level and format."""

from django.core.exceptions import ImproperlyConfigured

from sellerhub.environment import log_format

from .site import env

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
    # At DEBUG these log tokens and whole responses.
    "loggers": {name: {"level": "INFO"} for name in ("urllib3", "linebot")} if LOG_LEVEL == "DEBUG" else {},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
