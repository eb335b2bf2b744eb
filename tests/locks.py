"""Two transactions of a test that meet: the one goes on when the other has come to its lock."""

import threading

from django.db import connection

from tests.waiting import wait_until


def wait_for_the_other(other: threading.Thread) -> None:
    """Come back when somebody waits for a lock in the database, or the other is through without having to."""
    wait_until(lambda: not other.is_alive() or _somebody_waits(), "the other waits for a lock or is through")


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        # A transaction would go on seeing what there was at its first look.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND datname = current_database())"
        )
        return bool(cursor.fetchone()[0])
