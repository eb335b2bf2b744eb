"""Refuse retired words in the names of modules, classes, functions, arguments and variables of the product.

The words are those under “Retired in names” in docs/glossary.md: single words are refused as a part of a name, names
with underscores as a whole. `python -m devtools.scripts.word_check`.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
GLOSSARY = PROJECT / "docs" / "glossary.md"
PACKAGES = ("accounts", "notifications", "sellerhub")


def main() -> int:
    faults = [*find_retired(read_retired(GLOSSARY.read_text(encoding="utf-8")), PROJECT)]
    print("\n".join(faults))
    return 1 if faults else 0


def read_retired(glossary: str) -> dict[str, str]:
    """Each retired word with what to use instead. Raises ValueError when the glossary has no such table."""
    _, heading, rest = glossary.partition("## Retired in names")
    rows = [line.split("|")[1:3] for line in rest.split("\n## ")[0].splitlines() if line.startswith("| ")]
    if not heading or len(rows) < 2:
        raise ValueError("docs/glossary.md has no table of words that are retired in names.")
    return {word.strip(): use.strip() for words, use in rows[1:] for word in words.split(",")}


def find_retired(retired: dict[str, str], project: Path) -> Iterator[str]:
    """A sentence for each place, such as `notifications/x.py:3: wake_worker: use enqueue instead of wake.`"""
    for package in PACKAGES:
        for path in sorted((project / package).rglob("*.py")):
            place = path.relative_to(project).as_posix()
            if "migrations" in path.parts:
                continue
            for line, name in [(1, path.stem), *_names(ast.parse(path.read_text(encoding="utf-8")))]:
                for word in retired.keys() & {name, *_parts(name)}:
                    yield f"{place}:{line}: {name}: use {retired[word]} instead of {word}."


def _names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.lineno, node.name
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id
            case ast.arg():
                yield node.lineno, node.arg


def _parts(name: str) -> list[str]:
    """`RuleViolationError` and `RULE_VIOLATION` both as rule, violation …"""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_")


if __name__ == "__main__":
    sys.exit(main())
