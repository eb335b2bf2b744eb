"""Which stopwatches are refused in tests, and which clocks are fine."""

from pathlib import Path

import pytest

from devtools.scripts import clock_check, test
from devtools.scripts.clock_check import COMPARED, DEADLINE, LIMITED, check, find_faults

IMPORTS = """\
import time, timeit, signal
import datetime as dt
import pytest
from time import monotonic, perf_counter as clock
from datetime import UTC, datetime, timedelta
from django.utils import timezone
from hypothesis import settings
LIMIT = 3
"""


def function(body: str) -> str:
    indented = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return f"{IMPORTS}\ndef test_it(limits, rows, row):\n{indented}"


def faults_of(body: str) -> list[str]:
    return [fault.what for fault in find_faults({"tests/test_it.py": function(body)})]


BAD = {
    "a difference that has a name": "a = time.monotonic()\nwork()\ntook = time.monotonic() - a\nassert took < 3",
    "a difference itself": "a = time.perf_counter()\nassert time.perf_counter() - a < 3",
    "two readings": "a = clock()\nwork()\nb = clock()\nassert b - a < 3",
    "processor time": "a = time.process_time()\nassert time.process_time() - a <= 0.5",
    "nanoseconds": "a = time.monotonic_ns()\nassert time.monotonic_ns() - a < 5 * 10**9",
    "a clock by another name": "a = monotonic()\nassert monotonic() - a < 3",
    "turned round": "a = monotonic()\nassert 3 > monotonic() - a",
    "at least": "a = monotonic()\nassert monotonic() - a >= 0.12",
    "a constant": "a = monotonic()\nassert monotonic() - a < LIMIT",
    "a constant of a module": "a = monotonic()\nassert monotonic() - a < clock_check.LIMIT",
    "a constant over something": "a = monotonic()\nassert monotonic() - a < LIMIT / 4",
    "a number that has a name": "limit = 3\na = monotonic()\nassert monotonic() - a < limit",
    "a chain": "a = monotonic()\nquick = monotonic() - a\nassert 0 < quick < 4 < 5",
    "its end": "a = monotonic()\nslow = monotonic() - a\nassert 4 < 5 <= slow",
    "equality": "a = monotonic()\nassert round(monotonic() - a) == 0",
    "about": "a = monotonic()\nassert monotonic() - a == pytest.approx(1, abs=0.5)",
    "an if": "a = monotonic()\nif monotonic() - a > 5:\n    pytest.fail()",
    "a while": "a = monotonic()\nwhile monotonic() - a < 5:\n    work()",
    "not": "a = monotonic()\nassert not monotonic() - a > 5",
    "and": "a = monotonic()\nassert rows and monotonic() - a < 5",
    "the greatest": "a = monotonic()\nassert max(monotonic() - a, 0.1) < 5",
    "cut off": "a = monotonic()\ntook = monotonic() - a\nassert min(took, 3) == took",
    "a list": "took = []\na = monotonic()\ntook.append(monotonic() - a)\nassert max(took) < 3",
    "one of a list": "took = [monotonic() - row for row in rows]\nassert took[0] < 3",
    "each of a list": "took = [monotonic() - row for row in rows]\nassert all(one < 3 for one in took)",
    "pairs": "a = monotonic()\nlog = [(row, monotonic() - a) for row in rows]\nassert log[-1][1] < 3",
    "a loop over them": "took = [monotonic() - row for row in rows]\nfor one in took:\n    assert one < 3",
    "a sum": "took = 0\na = monotonic()\ntook += monotonic() - a\nassert took < 3",
    "several names": "a, took = monotonic(), 0\ntook, b = monotonic() - a, 1\nassert took < 3",
    "a name on the way": "a = monotonic()\nassert (took := monotonic() - a) < 3",
    "milliseconds": "a = monotonic()\nms = (monotonic() - a) * 1000\nassert ms < 300",
    "a figure for each": "a = monotonic()\ntook = monotonic() - a\nassert took / len(rows) < 0.01",
    "a reading and a limit": "a = monotonic()\nwork()\nassert monotonic() < a + 3",
    "a deadline outside a loop": "end = monotonic() + 3\nwork()\nassert monotonic() < end",
    "the clock of the calendar": "assert abs(row.at - time.time()) < 60",
    "what is far away": "assert time.time() - row.at < LIMIT",
    "dates": "a = timezone.now()\nwork()\nassert timezone.now() - a < timedelta(seconds=3)",
    "dates by name": "a = datetime.now(UTC)\nwork()\ntook = datetime.now(UTC) - a\nassert took < timedelta(0, 3)",
    "dates of a module": "a = dt.datetime.now(UTC)\nassert dt.datetime.now(UTC) - a < dt.timedelta(0, 3)",
    "seconds of dates": "a = timezone.now()\ntook = timezone.now() - a\nassert took.total_seconds() < 3",
    "a date and a limit": "a = timezone.now()\nassert timezone.now() < a + timedelta(seconds=3)",
    "timeit": "assert timeit.timeit(work, number=10) < 3",
    "the clock of timeit": "a = timeit.default_timer()\nassert timeit.default_timer() - a < 3",
    "unittest": "a = monotonic()\nself.assertLess(monotonic() - a, 3)",
    "a function inside": (
        "a = monotonic()\ndef seconds():\n    return monotonic() - a\nassert seconds() < 3\nassert len(rows) < 3"
    ),
    "what a function inside fills": (
        "took = 0\ndef act():\n    nonlocal took\n    a = monotonic()\n    took = monotonic() - a\nassert took < 3"
    ),
    "what a function inside adds to": (
        "took = []\ndef act():\n    a = monotonic()\n    took.append(monotonic() - a)\nassert took[0] < 3"
    ),
    "an attribute": "a = monotonic()\nrow.took = monotonic() - a\nassert row.took < 3",
    "what is waited for": "a = monotonic()\nwait_until(lambda: monotonic() - a > 3)",
}

GOOD = {
    "a deadline": "end = monotonic() + 60\nwhile not rows and monotonic() < end:\n    work()",
    "a deadline that is asserted": "end = monotonic() + LIMIT\nwhile not rows:\n    assert monotonic() < end",
    "a deadline of another loop": "end = monotonic() + LIMIT\nfor row in rows:\n    assert monotonic() < end",
    "a deadline in dates": "end = timezone.now() + timedelta(0, 60)\nwhile timezone.now() < end:\n    work()",
    "against something measured": "a = monotonic()\nb = monotonic()\nassert monotonic() - b < 25 * (b - a)",
    "how many times as long": "a = monotonic()\nb = monotonic()\nassert (monotonic() - b) / (b - a) < 25",
    "printed": "a = monotonic()\nprint(f'{monotonic() - a:.1f} s')",
    "how many were measured": "took = [monotonic() - row for row in rows]\nassert len(took) == 3",
    "between two readings": "before = time.time()\nassert before <= row.at <= time.time()",
    "an age": "a = timezone.now()\nassert 90 <= row.age <= 90 + (timezone.now() - a).total_seconds()",
    "a date of the site": "assert row.due_at > timezone.now()",
    "how far away that is": "assert row.due_at - timezone.now() > timedelta(minutes=1)",
    "a date that stands still": "assert timezone.now() == LIMIT",
    "numbers": "count = len(rows)\nassert count < 3 < LIMIT",
    "another clock": "clock = row.monotonic()\nassert clock - 3 < LIMIT",
    "a name used twice": "end = monotonic() + LIMIT\nwhile monotonic() < end:\n    count = 3\nassert count == 3",
}


@pytest.mark.parametrize("name", BAD)
def test_a_stopwatch_is_refused(name):
    assert faults_of(BAD[name]) == [COMPARED]


@pytest.mark.parametrize("name", GOOD)
def test_a_clock_that_measures_no_speed_is_fine(name):
    assert faults_of(GOOD[name]) == []


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("@pytest.mark.timeout(5)\ndef test_it(): ...", LIMITED),
        ("pytestmark = [pytest.mark.timeout(5)]", LIMITED),
        ("def test_it():\n    signal.alarm(5)", LIMITED),
        ("@settings(deadline=200)\ndef test_it(): ...", DEADLINE),
    ],
)
def test_what_ends_a_test_by_the_clock_is_refused(source, what):
    assert [fault.what for fault in find_faults({"tests/test_it.py": IMPORTS + source})] == [what]


def test_no_deadline_at_all_is_fine():
    assert find_faults({"tests/test_it.py": f"{IMPORTS}@settings(deadline=None)\ndef test_it(): ..."}) == []


HELPER = """\
import time
def seconds(act):
    began = time.monotonic()
    act()
    return time.monotonic() - began
def number(act):
    return 3
"""


@pytest.mark.parametrize("line", ["from .helper import seconds", "from tests.part.helper import seconds"])
def test_what_another_file_measures_is_followed(line):
    test_file = f"{line}\ndef test_it():\n    assert seconds(work) < 3\n"

    faults = find_faults({"tests/part/test_it.py": test_file, "tests/part/helper.py": HELPER})

    assert [(fault.place, fault.line) for fault in faults] == [("tests/part/test_it.py::test_it", 3)]


def test_what_another_file_measures_of_a_module_is_followed():
    test_file = "from tests.part import helper\ndef test_it():\n    assert helper.%s(work) < 3\n"

    found = [
        find_faults({"tests/part/test_it.py": test_file % name, "tests/part/helper.py": HELPER})
        for name in ("seconds", "number")
    ]

    assert [len(faults) for faults in found] == [1, 0]


def test_a_fault_is_told_with_its_place_and_a_better_way():
    source = function(BAD["a difference itself"])

    [told] = check({"tests/test_it.py": source}, {})

    assert told.startswith("tests/test_it.py:12: test_it compares a measured time with a constant. Another machine")


def test_a_method_is_named_with_its_class():
    source = (
        f"{IMPORTS}class TestIt:\n    def test_it(self):\n        a = monotonic()\n        assert monotonic() - a < 3\n"
    )

    [fault] = find_faults({"tests/test_it.py": source})

    assert fault.place == "tests/test_it.py::TestIt.test_it"


def test_an_exception_is_passed_over_as_long_as_it_is_needed():
    bad, good = function(BAD["a difference itself"]), function(GOOD["numbers"])
    exceptions = {"tests/test_it.py::test_it": "a reason"}

    assert check({"tests/test_it.py": bad}, exceptions) == []
    assert check({"tests/test_it.py": good}, exceptions) == [
        "devtools/scripts/clock_check.py: the exception tests/test_it.py::test_it is no longer needed."
    ]


def test_every_exception_has_a_reason():
    assert all(len(reason) > 20 for reason in clock_check.EXCEPTIONS.values())


def test_files_can_be_named(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setattr(clock_check, "ROOT", tmp_path)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text(function(BAD["a chain"]))
    (tmp_path / "tests" / "test_fine.py").write_text(function(GOOD["a deadline"]))

    assert clock_check.main([]) == 1
    assert "tests/test_it.py:13: test_it" in capsys.readouterr().out
    assert clock_check.main([str(tmp_path / "tests" / "test_fine.py")]) == 0


def test_it_is_one_of_the_checks():
    assert ["-m", "devtools.scripts.clock_check"] in [check.command for check in test.CHECKS]


def test_without_arguments_the_tests_of_the_project_are_read():
    assert Path(__file__).resolve() in clock_check.find_tests()


def test_a_folder_without_tests_is_a_fault(tmp_path, monkeypatch):
    monkeypatch.setattr(clock_check, "ROOT", tmp_path)

    with pytest.raises(FileNotFoundError):
        clock_check.main([])
