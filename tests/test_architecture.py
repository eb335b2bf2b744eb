"""docs/architecture.md names every area there is, and only files that exist."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
MAP = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
PACKAGES = ("notifications", "accounts", "sellerhub", "devtools")


def areas_in_the_map(package: str) -> set[str]:
    """The names in the first column of the package's table."""
    section = MAP.split(f"### `{package}/`", 1)[1].split("\n#", 1)[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name.rstrip("/") for row in rows for name in re.findall(r"`([^`]+)`", row)}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_map_names_every_area(package: str) -> None:
    folder = PROJECT / package
    here = {path.name for path in folder.iterdir() if path.suffix == ".py" or any(path.rglob("*.*"))}
    unnamed = {"__init__.py", "__pycache__", *({"static"} if package != "sellerhub" else ())}

    assert areas_in_the_map(package) == here - unnamed


def test_every_file_of_the_journeys_exists() -> None:
    named = re.findall(r"`((?:notifications|accounts|sellerhub)/[\w/.]+?)(?:: (\w+))?`", MAP)

    assert len(named) > 25
    for path, function in named:
        assert (PROJECT / path).exists(), path
        assert not function or f"def {function}(" in (PROJECT / path).read_text(encoding="utf-8"), f"{path}: {function}"
