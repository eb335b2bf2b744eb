"""What the timetable has done about accounts."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import tasks


def test_expired_sessions_go_and_others_stay(db):
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(seconds=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(days=1))

    tasks.clear_expired_sessions()

    assert [session.session_key for session in Session.objects.all()] == ["new"]
