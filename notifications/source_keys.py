"""The keys with which sources prove who they are. Only a hash is kept: a key is shown once."""

import hashlib
import secrets

from .models import Source

PREFIX = "shk_"
_KEY_BYTES = 32


def add_source(name: str) -> tuple[Source, str]:
    """A new source and its key."""
    key = _new_key()
    return Source.objects.create(name=name, key_hash=_hash(key)), key


def keyless_source(name: str) -> Source:
    """The source that stands for a door of our own: nobody holds its key."""
    return Source.objects.get_or_create(name=name, defaults={"key_hash": _hash(_new_key()), "active": False})[0]


def issue_key(source: Source) -> str:
    """Give the source a new key; the old one ends at once."""
    key = _new_key()
    source.key_hash = _hash(key)
    source.save(update_fields=["key_hash"])
    return key


def source_of(key: str) -> Source | None:
    """The active source that holds this key."""
    if not key.startswith(PREFIX):
        return None
    return Source.objects.filter(key_hash=_hash(key), active=True).first()


def _new_key() -> str:
    return PREFIX + secrets.token_urlsafe(_KEY_BYTES)


def _hash(key: str) -> str:
    """A key holds 256 random bits: nothing slower than one SHA-256 is needed."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
