"""The helper that tests wait with."""

from pathlib import Path

import pytest

from tests.waiting import wait_until


def test_what_came_is_returned():
    found = iter([[], [], ["mail"]])

    assert wait_until(lambda: next(found), "a mail") == ["mail"]


def test_what_never_comes_fails_with_the_log_to_read():
    with pytest.raises(AssertionError, match=r"still not: a mail\. Read /var/log/celery\.log\."):
        wait_until(lambda: False, "a mail", seconds=0, log=Path("/var/log/celery.log"))
