"""Sign a person out everywhere and delete the sessions that name them."""

from collections.abc import Collection
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session


def end_sessions(user_id: int) -> int:
    """Delete the user's sessions in the database and the cache; returns how many there were."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    keys = _keys(str(user_id))
    for key in keys:
        store(key).delete()
    return len(keys)


def _keys(user_id: str) -> Collection[str]:
    """Return the session keys of the user; decodes every session, as only its content names the user."""
    return [
        session.session_key
        for session in Session.objects.iterator(chunk_size=1000)
        if str(session.get_decoded().get(SESSION_KEY)) == user_id
    ]
