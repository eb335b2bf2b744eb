"""Two workers never wait for each other, and never have the same delivery."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from notifications.delivery import claims
from notifications.models import Delivery
from tests.waiting import LIMIT_SECONDS

LENGTH = timedelta(minutes=2)


def claim_on_a_connection_of_its_own() -> list[UUID]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = '{LIMIT_SECONDS:g}s'")
        return [claimed.id for claimed in claims.claim(10, length=LENGTH).deliveries]
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_what_another_worker_is_just_claiming_is_passed_over(queue):
    held, free = queue("hanako@ok.test"), queue("taro@ok.test")

    with ThreadPoolExecutor(max_workers=1) as pool, transaction.atomic():
        Delivery.objects.select_for_update().get(pk=held.pk)
        claimed = pool.submit(claim_on_a_connection_of_its_own).result()

    assert claimed == [free.pk]


@pytest.mark.django_db
def test_what_is_claimed_is_not_claimed_again_before_the_lease_ends(queue):
    row = queue("hanako@ok.test")

    first = claims.claim(10, length=LENGTH)
    second = claims.claim(10, length=LENGTH)

    assert [claimed.id for claimed in first.deliveries] == [row.pk]
    assert second.deliveries == []
