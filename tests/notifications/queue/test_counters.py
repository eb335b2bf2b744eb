"""Counters agree with the work that they count, and adding them up loses and doubles nothing."""

import threading
from collections import Counter

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.models import CounterEntry
from notifications.queue import counters
from notifications.queue.counters import Count, Name
from tests.waiting import ONE_FIXTURE_FOR_ALL_EXAMPLES

SENT = Count(Name.SENT, "email")
COUNTS = st.builds(Count, st.sampled_from(Name), st.sampled_from(["", "email", "line"]), st.text("ab", max_size=2))
WRITERS, COMPACTORS, WRITES = 3, 2, 150


def totals() -> dict[Count, int]:
    return dict(counters.totals())


@pytest.mark.django_db
def test_what_is_undone_is_not_counted():
    counters.write({SENT: 2})

    with transaction.atomic():
        counters.write({SENT: 3})
        transaction.set_rollback(True)

    assert totals() == {SENT: 2}


@pytest.mark.django_db
def test_nothing_to_count_writes_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        counters.write({SENT: 0})

    assert not CounterEntry.objects.exists()


@pytest.mark.django_db
@settings(suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES, max_examples=50)
@given(batches=st.lists(st.dictionaries(COUNTS, st.integers(1, 9), max_size=5), max_size=6), most=st.integers(1, 7))
def test_adding_up_changes_no_total(batches, most, monkeypatch):
    CounterEntry.objects.all().delete()
    monkeypatch.setattr(counters, "MAX_AT_ONCE", most)
    wanted: Counter[Count] = Counter()

    for batch in batches:
        counters.write(batch)
        counters.add_up()
        wanted.update(batch)

    assert totals() == dict(wanted)


@pytest.mark.django_db
def test_added_up_one_row_is_left_of_each_thing():
    for _number in range(5):
        counters.write({SENT: 1, Count(Name.FAILED, "email", "expired"): 2})

    fewer = counters.add_up()

    assert fewer == 8
    assert sorted(CounterEntry.objects.values_list("name", "label", "amount")) == [
        ("failed", "expired", 10),
        ("sent", "", 5),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_who_add_up_and_many_who_write_lose_nothing(monkeypatch):
    monkeypatch.setattr(counters, "MAX_AT_ONCE", 7)
    over, seen, troubles = threading.Event(), [], []

    def alone(work):
        def run() -> None:
            try:
                work()
            except Exception as error:
                troubles.append(error)
            finally:
                connection.close()

        return threading.Thread(target=run)

    def write() -> None:
        for _number in range(WRITES):
            counters.write({SENT: 1})

    def add_up() -> None:
        while not over.is_set():
            counters.add_up()

    def look() -> None:
        while not over.is_set():
            seen.append(totals().get(SENT, 0))

    writers = [alone(write) for _number in range(WRITERS)]
    others = [alone(look), *(alone(add_up) for _number in range(COMPACTORS))]
    for thread in (*writers, *others):
        thread.start()
    for thread in writers:
        thread.join()
    over.set()
    for thread in others:
        thread.join()
    counters.add_up()

    assert troubles == []
    assert totals() == {SENT: WRITERS * WRITES}
    assert seen == sorted(seen)  # nobody who reads meanwhile sees a counter fall
