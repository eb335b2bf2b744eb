"""The tables that operators look at, filled as after two busy months: notifications, deliveries and all around."""

from pathlib import Path

from django.db import connection
from django.utils import timezone

from accounts.models import User

from . import shops

SELLER_ID = "WORLD00100002"
"""Somebody to search for."""
_DAYS = 60
_FUNCTIONS = """
CREATE OR REPLACE FUNCTION pg_temp.many() RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT {count} $$;
CREATE OR REPLACE FUNCTION pg_temp.source() RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT {source} $$;
CREATE OR REPLACE FUNCTION pg_temp.moment(n int) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT '{now}'::timestamptz - {days} * interval '1 day' * ({count} - n) / {count} $$;
-- As UUIDv7 are made: the milliseconds in front, so that keys grow with time.
CREATE OR REPLACE FUNCTION pg_temp.key(at timestamptz, seed text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(seed), 1, 3)
        || '8' || substr(md5(seed), 4, 15))::uuid $$;
CREATE OR REPLACE FUNCTION pg_temp.address(shop int, place int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT md5('address' || shop || '-' || place)::uuid $$;
"""


def fill(count: int) -> User:
    """So many notifications and all around them; returns an operator."""
    shops.fill()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM notifications_source LIMIT 1")
        [source] = cursor.fetchone()
        now = timezone.now().isoformat()
        cursor.execute(_FUNCTIONS.format(count=count, source=source, now=now, days=_DAYS))
        cursor.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    shops.analyse()
    return User.objects.create_superuser("operator@world.example", "!", name="Omar", language="en")
