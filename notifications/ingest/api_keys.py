"""API keys of event sources: issue, rotate, revoke and look up. Only the SHA-256 hash is stored; a key is shown once.
A source may hold several valid keys at a time, so that its system can switch to a new one before the old one ends.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import SellerAccount, User
from notifications.models import Source, SourceKey
from notifications.types.enums import SourceKind

PREFIX = "shk_"
OVERLAP = timedelta(days=7)
"""How long the old keys stay valid after a rotation."""
OWN_NAMES = frozenset(["SellerHub", "Broadcasts", "Command line"])
"""Names of SellerHub's own keyless sources; no external system gets a key under one of them."""
_KEY_BYTES = 32
_HINT = len(PREFIX) + 4
_USED_TO_WITHIN = timedelta(minutes=5)
"""`last_used_at` is written at most this often: a busy source must not cost a write for each request."""


def add_source(
    name: str, *, kind: SourceKind = SourceKind.EVENTS, account: SellerAccount | None = None
) -> tuple[Source, str]:
    """Create a source and a key; returns both, the key in clear text."""
    source = Source.objects.create(name=name, kind=kind, account=account)
    return source, issue_key(source)


def keyless_source(name: str, *, kind: SourceKind = SourceKind.OWN, account: SellerAccount | None = None) -> Source:
    """Return the keyless source that stands for events SellerHub itself produces; creates it when missing."""
    # The unique name makes this fail with IntegrityError when a source of another kind has the same name.
    defaults = {"account": account, "active": False}
    return Source.objects.get_or_create(name=name, kind=kind, defaults=defaults)[0]


def issue_key(source: Source, *, by: User | None = None) -> str:
    """Issue one more key for the source and return it in clear text; the others stay valid."""
    key = PREFIX + secrets.token_urlsafe(_KEY_BYTES)
    SourceKey.objects.create(source=source, hash=_hash(key), hint=key[:_HINT], created_by=by)
    return key


def rotate_key(source: Source, *, by: User | None = None, overlap: timedelta = OVERLAP) -> str:
    """Issue a new key and return it; earlier keys end after `overlap`, or at their own end when that is earlier."""
    end = timezone.now() + overlap
    valid_keys(source).filter(Q(ends_at=None) | Q(ends_at__gt=end)).update(ends_at=end)
    return issue_key(source, by=by)


def revoke(key: SourceKey) -> None:
    """End the key now."""
    SourceKey.objects.filter(pk=key.pk).exclude(ends_at__lt=timezone.now()).update(ends_at=timezone.now())


def valid_keys(source: Source) -> QuerySet[SourceKey]:
    """Return the keys of the source that have not ended; they are accepted while the source is active."""
    return _valid(SourceKey.objects.filter(source=source), timezone.now())


def source_of(key: str) -> Source | None:
    """Return the active source that holds this valid key, or None."""
    if not key.startswith(PREFIX):
        return None
    now = timezone.now()
    known = _valid(SourceKey.objects.filter(hash=_hash(key), source__active=True), now)
    found = known.select_related("source", "source__account").first()
    if found is None:
        return None
    if found.last_used_at is None or found.last_used_at < now - _USED_TO_WITHIN:
        SourceKey.objects.filter(pk=found.pk).update(last_used_at=now)
    return found.source


def _valid(keys: QuerySet[SourceKey], now: datetime) -> QuerySet[SourceKey]:
    return keys.filter(Q(ends_at=None) | Q(ends_at__gt=now))


def _hash(key: str) -> str:
    """Hash a key; it holds 256 random bits, so nothing slower than one SHA-256 is needed."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
