"""The hot statements as PostgreSQL plans them when a long queue came after its last look at the table."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from notifications.delivery import claims, recorder
from notifications.models import Address, Delivery, Notification
from notifications.recipients.email_addresses import unsubscription

ROWS = 25_000
"""Of a table that is smaller, PostgreSQL 15 rather reads all."""


@pytest.fixture
def ids(notification: Notification) -> list[UUID]:
    _fill(notification, "sent")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notifications_delivery")
    _fill(notification, "queued")
    return list(Delivery.objects.filter(status="queued").values_list("pk", flat=True)[:100])


def _fill(notification: Notification, status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO notifications_delivery
                (id, notification_id, channel, recipient, language, priority, status, due_at, tries, created_at,
                 answer, cause)
            SELECT gen_random_uuid(), %s, 'email', %s || number || '@ok.test', 'ja', 1, %s,
                now() - number * interval '1 second', 0, now(), '', ''
            FROM generate_series(1, %s) AS number
            """,
            [notification.pk, status, status, ROWS],
        )


def rows_read(statement: str, values: dict[str, Any]) -> int:
    """How many rows of deliveries it reads from table or index to do its work."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
        [[plan]] = cursor.fetchall()
    return _rows(json.loads(plan)[0]["Plan"] if isinstance(plan, str) else plan[0]["Plan"])


def _rows(node: dict[str, Any]) -> int:
    own = 0
    if node.get("Relation Name") == "notifications_delivery" and "Scan" in node["Node Type"]:
        own = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    return int(own) + sum(_rows(child) for child in node.get("Plans", []))


@pytest.mark.parametrize("count", [1, 12, 100])
def test_settling_reads_only_what_it_settles(ids, count):
    outcomes = [
        {
            "id": str(one),
            "status": "sent",
            "tries": 0,
            "answer": "250 ok",
            "cause": "",
            "wait": 0,
            "code": 250,
            "failed_try": False,
            "permanent": False,
            "report": None,
        }
        for one in ids[:count]
    ]

    read = rows_read(recorder._SETTLE, {"lease": uuid4(), "outcomes": json.dumps(outcomes)})

    assert read == count


@pytest.mark.parametrize("statement", ["_RENEW", "_RELEASE"])
def test_a_lease_reads_only_its_own_rows(ids, statement):
    values = {"lease": uuid4(), "ids": ids[:100], "seconds": 60.0}

    assert rows_read(getattr(claims, statement), values) == 100


def test_a_claim_reads_only_what_it_takes(ids):
    values = {"lease": uuid4(), "channel": "email", "priority": 1, "limit": 100, "seconds": 60.0}

    read = rows_read(claims._CLAIM, values)

    assert read == 200  # once to choose, once to write


def test_who_unsubscribes_makes_it_read_their_own_deliveries_only(ids, notification):
    address = Address.objects.create(account=notification.account, email="hanako@ok.test")
    Delivery.objects.filter(pk__in=ids[:3]).update(address=address)

    read = rows_read(
        unsubscription._CANCEL_WAITING,
        {
            "cancelled": "cancelled",
            "answer": "",
            "types": [notification.type],
            "address": address.pk,
            "channel": "email",
        },
    )

    assert read == 3
