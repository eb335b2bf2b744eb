"""Names made of retired words are found, wherever they are written."""

from pathlib import Path

import pytest

from devtools.scripts.word_check import find_retired, read_retired

GLOSSARY = """# Words
## Retired in names
intro
| retired | use |
|---|---|
| wake, tally | enqueue, counter |
| settled_at | completed_at |
## Still in names
| other | x |
"""


def found(tmp_path: Path, code: str, name: str = "module.py") -> list[str]:
    for package in ("accounts", "notifications", "sellerhub"):
        (tmp_path / package).mkdir()
    (tmp_path / "notifications" / name).write_text(code, encoding="utf-8")
    return list(find_retired(read_retired(GLOSSARY), tmp_path))


def test_the_table_is_read_and_no_other():
    assert read_retired(GLOSSARY) == {
        "wake": "enqueue, counter",
        "tally": "enqueue, counter",
        "settled_at": "completed_at",
    }


@pytest.mark.parametrize(
    "code",
    [
        "def wake_worker(): ...",
        "class TallyRow: ...",
        "WAKE = 1",
        "def f(tally): ...",
        "settled_at = 1",
        "x: int\nwake: int = 2",
    ],
)
def test_a_retired_word_is_refused(tmp_path, code):
    [fault] = found(tmp_path, code)

    assert fault.startswith("notifications/module.py:")


@pytest.mark.parametrize(
    "code", ["awake = 1", "def wakeup(): ...", "settled_at_home = 1", '"""wake"""', "import wake", "x = wake()"]
)
def test_other_names_and_uses_are_not(tmp_path, code):
    assert found(tmp_path, code) == []


def test_the_name_of_a_module_counts(tmp_path):
    assert found(tmp_path, "", "wake.py") == ["notifications/wake.py:1: wake: use enqueue, counter instead of wake."]


def test_a_glossary_without_the_table_is_a_fault():
    with pytest.raises(ValueError, match="no table"):
        read_retired("# Words")
