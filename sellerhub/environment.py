"""Read environment variables strictly: an invalid value stops the start with ImproperlyConfigured."""

import os

from django.core.exceptions import ImproperlyConfigured

_ON = ("1", "true", "yes", "on")
_OFF = ("", "0", "false", "no", "off")


def switch(name: str) -> bool:
    """Read a switch; False unless it is switched on."""
    value = os.environ.get(name, "").strip().lower()
    if value not in _ON + _OFF:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in _ON


def log_format() -> str:
    """Read LOG_FORMAT: `text` or `json`; by default text in development, else JSON."""
    default = "text" if switch("SELLERHUB_DEVELOPMENT") else "json"
    value = os.environ.get("LOG_FORMAT", "").strip().lower() or default
    if value not in ("text", "json"):
        raise ImproperlyConfigured(f"LOG_FORMAT must be text or json, not {value!r}.")
    return value


def whole_number(name: str, *, default: int, least: int = 1) -> int:
    """Read a whole number of at least `least`; empty means the default."""
    value = os.environ.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdigit() and int(value) >= least):
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}, not {value!r}.")
    return int(value)
