"""The keys with which sources prove who they are. Only a hash is kept: a key is shown once.

A source may hold several keys for a while: a new one is issued, its system learns it, the old one ends.
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
"""After a rotation the old keys work for so long."""
OWN_NAMES = frozenset(["SellerHub", "Broadcasts", "Command line"])
"""Of doors of our own: no system gets a key under such a name."""
_KEY_BYTES = 32
_HINT = len(PREFIX) + 4
_USED_TO_WITHIN = timedelta(minutes=5)
"""A busy source must not cost a write for each of its requests."""


def add_source(
    name: str, *, kind: SourceKind = SourceKind.EVENTS, account: SellerAccount | None = None
) -> tuple[Source, str]:
    """A new source and its key."""
    source = Source.objects.create(name=name, kind=kind, account=account)
    return source, issue_key(source)


def keyless_source(name: str, *, kind: SourceKind = SourceKind.OWN, account: SellerAccount | None = None) -> Source:
    """The source that stands for a door of our own: nobody holds a key of it."""
    # A system of the same name but of another kind is never taken for it: the unique name refuses that loudly.
    defaults = {"account": account, "active": False}
    return Source.objects.get_or_create(name=name, kind=kind, defaults=defaults)[0]


def issue_key(source: Source, *, by: User | None = None) -> str:
    """One more key for the source; the others stay valid."""
    key = PREFIX + secrets.token_urlsafe(_KEY_BYTES)
    SourceKey.objects.create(source=source, hash=_hash(key), hint=key[:_HINT], created_by=by)
    return key


def rotate_key(source: Source, *, by: User | None = None, overlap: timedelta = OVERLAP) -> str:
    """A new key; those from before end after `overlap`, or earlier where that was settled already."""
    end = timezone.now() + overlap
    valid_keys(source).filter(Q(ends_at=None) | Q(ends_at__gt=end)).update(ends_at=end)
    return issue_key(source, by=by)


def revoke(key: SourceKey) -> None:
    """The key ends now."""
    SourceKey.objects.filter(pk=key.pk).exclude(ends_at__lt=timezone.now()).update(ends_at=timezone.now())


def valid_keys(source: Source) -> QuerySet[SourceKey]:
    """The keys that open the door now, as long as the source is active."""
    return _valid(SourceKey.objects.filter(source=source), timezone.now())


def source_of(key: str) -> Source | None:
    """The active source that holds this key."""
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
    """A key holds 256 random bits: nothing slower than one SHA-256 is needed."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
