"""Maintain the Japanese message catalogue without the gettext tools.

`python -m devtools.scripts.translations extract|update|compile|check`

English in code and templates is the source. `update` brings locale/ja in step with it (and merges translations from
other .po files given with --from), `check` lists everything incomplete, `compile` writes django.mo.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import polib
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from django.conf import settings
from django.utils.translation.template import templatize

BASE_DIR = Path(__file__).resolve().parent.parent.parent
CATALOGUE = BASE_DIR / "locale" / "ja" / "LC_MESSAGES" / "django.po"
PYTHON_FOLDERS = ("accounts", "notifications", "sellerhub")
TEMPLATE_SUFFIXES = (".html", ".txt")
LAZY_KEYWORDS = {
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
KEYWORDS: dict[str, Any] = {**DEFAULT_KEYWORDS, **LAZY_KEYWORDS}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|(?<!\{)\{\w*\}")
METADATA = {
    "Project-Id-Version": "SellerHub",
    "Language": "ja",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


@dataclass(frozen=True, order=True)
class Key:
    """What identifies a message; the plural does not belong to it in gettext."""

    context: str
    msgid: str


@dataclass
class Source:
    """One message of the source and the files that have it."""

    plural: str = ""
    places: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)


def extract() -> dict[Key, Source]:
    """Return every message of the code and the templates, in the order of the files."""
    found: dict[Key, Source] = {}
    for path, code in _sources():
        place = path.relative_to(BASE_DIR).as_posix()
        for _, function, arguments, comments in extract_python(
            BytesIO(code.encode()), KEYWORDS, ["Translators"], {"encoding": "utf-8"}
        ):
            if message := _message(KEYWORDS[str(function)], arguments):
                key, plural = message
                source = found.setdefault(key, Source())
                source.plural = source.plural or plural
                source.places.add(place)
                source.comments += [comment for comment in comments or () if comment not in source.comments]
    return found


def _sources() -> Iterator[tuple[Path, str]]:
    for folder in PYTHON_FOLDERS:
        for path in sorted((BASE_DIR / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text()
    for path in sorted((BASE_DIR / "templates").rglob("*")):
        if path.suffix in TEMPLATE_SUFFIXES:
            code = templatize(path.read_text(), origin=str(path))
            # The Python tokenizer fails on the indentation of text that is not Python.
            yield path, "\n".join(line.lstrip() for line in code.splitlines()) + "\n"


def _message(keyword: tuple[Any, ...] | None, arguments: object) -> tuple[Key, str] | None:
    given = arguments if isinstance(arguments, tuple) else (arguments,)
    context, texts = "", []
    for position in keyword or (1,):
        index, is_context = (position[0], True) if isinstance(position, tuple) else (position, False)
        value = given[index - 1] if index <= len(given) else None
        if not isinstance(value, str) or not value:
            return None
        if is_context:
            context = value
        else:
            texts.append(value)
    return Key(context, texts[0]), texts[1] if len(texts) > 1 else ""


def update(others: list[Path]) -> list[str]:
    """Update the catalogue from the source; return remarks about translations that could not be used."""
    sources, known, remarks = extract(), _translations(CATALOGUE), []
    for path in others:
        for key, entry in _translations(path).items():
            if key not in sources:
                remarks.append(f"{path}: nothing in the source says {key.msgid!r}")
            elif key in known and _translated(known[key]) not in ("", _translated(entry)):
                remarks.append(f"{path}: {key.msgid!r} is translated already, as {_translated(known[key])!r}")
            else:
                known[key] = entry
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = METADATA
    for key, source in sorted(sources.items(), key=lambda item: (min(item[1].places), item[0])):
        old = known.get(key)
        text = _translated(old) if old else ""
        entry = polib.POEntry(
            msgctxt=key.context or None,
            msgid=key.msgid,
            comment="\n".join(source.comments),
            occurrences=[(place, "") for place in sorted(source.places)],
            flags=[flag for flag in old.flags if flag == "fuzzy"] if old else [],
        )
        if "%" in key.msgid and re.search(r"%\(\w+\)[sd]|%[sd%]", key.msgid):
            entry.flags.append("python-format")
        if source.plural:
            entry.msgid_plural, entry.msgstr_plural = source.plural, {0: text}
        else:
            entry.msgstr = text
        catalogue.append(entry)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    return remarks


def check() -> list[str]:
    """Return a sentence for every fault; none when the Japanese is complete."""
    sources, known = extract(), _translations(CATALOGUE)
    faults = [
        f"not in the catalogue: {key.msgid!r} ({min(source.places)})"
        for key, source in sources.items()
        if key not in known
    ]
    for key, entry in known.items():
        source, text = sources.get(key), _translated(entry)
        if entry.obsolete or source is None:
            faults.append(f"no longer in the source: {key.msgid!r}")
        elif not text:
            faults.append(f"not translated: {key.msgid!r} ({min(source.places)})")
        elif "fuzzy" in entry.flags:
            faults.append(f"marked as fuzzy: {key.msgid!r}")
        elif entry.msgid_plural != source.plural:
            faults.append(f"another plural than in the source: {key.msgid!r}")
        elif sorted(set(PLACEHOLDER.findall(source.plural or key.msgid))) != sorted(set(PLACEHOLDER.findall(text))):
            faults.append(f"other placeholders than in the source: {key.msgid!r} → {text!r}")
        elif key.msgid.startswith("\n") != text.startswith("\n") or key.msgid.endswith("\n") != text.endswith("\n"):
            faults.append(f"begins or ends with another line break than the source: {key.msgid!r}")
    return faults


def compile_all() -> None:
    for path in sorted(BASE_DIR.glob("locale/*/LC_MESSAGES/*.po")):
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            polib.pofile(str(path)).save_as_mofile(str(compiled))


def _translations(path: Path) -> dict[Key, polib.POEntry]:
    if not path.exists():
        return {}
    return {Key(entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(str(path))}


def _translated(entry: polib.POEntry) -> str:
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m devtools.scripts.translations", description=__doc__)
    parser.add_argument("what", choices=["extract", "update", "compile", "check"])
    parser.add_argument("--from", dest="others", type=Path, nargs="+", default=[], metavar="FILE")
    arguments = parser.parse_args()
    settings.configure(USE_I18N=True)  # required by the template lexer; the site's settings are not needed
    if arguments.what == "extract":
        for key, source in extract().items():
            print(f"{min(source.places)}: {f'[{key.context}] ' if key.context else ''}{key.msgid!r}")
    elif arguments.what == "update":
        for remark in update(arguments.others):
            print(remark)
    elif arguments.what == "compile":
        compile_all()
    elif faults := check():
        print("\n".join(faults))
        print(f"{len(faults)} faults in the Japanese catalogue. `make messages` brings it in step with the source.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
