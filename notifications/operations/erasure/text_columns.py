"""Last step of an erasure: replace identifiers in every text, JSON and binary column of the database.
Only for unambiguous values: e-mail addresses, LINE user ids, public ids. Not for names: another person may have the
same one.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from django.db import connection

from .plan import ERASED

_ADDRESS = r"(?<![[:alnum:]._%%+-])%s(?![[:alnum:]-]|\.[[:alnum:]])"
_ID = "(?<![[:alnum:]])%s(?![[:alnum:]])"

SPARED = frozenset({"notifications_deauthorization"})
"""LINE must still be notified of the ended consent by the person's id; the row is deleted afterwards."""

_COLUMNS = """
SELECT known.table_name, known.column_name, known.udt_name, known.is_nullable = 'YES', EXISTS (
    SELECT FROM pg_index AS index
    JOIN pg_attribute AS attribute ON attribute.attrelid = index.indrelid AND attribute.attnum = ANY(index.indkey)
    WHERE index.indrelid = format('%I', known.table_name)::regclass AND index.indisunique
        AND attribute.attname = known.column_name
)
FROM information_schema.columns AS known
JOIN information_schema.tables AS listed
    ON listed.table_schema = known.table_schema AND listed.table_name = known.table_name
WHERE known.table_schema = current_schema() AND listed.table_type = 'BASE TABLE'
    AND known.udt_name IN ('varchar', 'text', 'bpchar', 'jsonb', 'bytea', '_varchar', '_text')
ORDER BY known.table_name, known.ordinal_position
"""


class _Column(NamedTuple):
    table: str
    name: str
    type: str
    nullable: bool
    unique: bool

    @property
    def as_text(self) -> str:
        return f"encode({self._quoted}, 'escape')" if self.type == "bytea" else f"{self._quoted}::text"

    @property
    def finds(self) -> str:
        return f"{self.as_text} ~* %(pattern)s"

    @property
    def sweeps(self) -> str:
        """Return the SQL assignment that removes the matches from the column."""
        if self.type == "bytea":
            clean = "NULL"
        elif self.unique:
            clean = f"'{ERASED}-' || gen_random_uuid()"  # values of a unique column must stay different
        else:
            clean = f"regexp_replace({self.as_text}, %(pattern)s, '{ERASED}', 'gi')::{self.type}"
        return f"{self._quoted} = CASE WHEN {self.finds} THEN {clean} ELSE {self._quoted} END"

    @property
    def _quoted(self) -> str:
        return connection.ops.quote_name(self.name)


def sweep(words: Iterable[str]) -> int:
    """Replace these words everywhere; returns how many rows matched. Rows with a NOT NULL binary match are deleted."""
    pattern = _pattern([word for word in words if word])
    if pattern is None:
        return 0
    found = 0
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        columns = [_Column(*row) for row in cursor]
        for table, those in groupby(columns, key=lambda column: column.table):
            if table not in SPARED:
                for statement in _statements(table, list(those)):
                    cursor.execute(statement, {"pattern": pattern})
                    found += cursor.rowcount
    return found


def _statements(table: str, columns: Sequence[_Column]) -> Iterable[str]:
    quoted = connection.ops.quote_name(table)
    full = [one for one in columns if one.type == "bytea" and not one.nullable]
    if full:
        yield f"DELETE FROM {quoted} WHERE {' OR '.join(one.finds for one in full)}"  # noqa: S608
    rest = [one for one in columns if one not in full]
    if rest:
        assignments, finds = ", ".join(one.sweeps for one in rest), " OR ".join(one.finds for one in rest)
        yield f"UPDATE {quoted} SET {assignments} WHERE {finds}"  # noqa: S608


def _pattern(words: Sequence[str]) -> str | None:
    """Build a pattern for whole words: a@ok.test matches neither aa@ok.test nor a@ok.test.example."""
    return "|".join(_ADDRESS % _literal(word) if "@" in word else _ID % _literal(word) for word in words) or None


def _literal(word: str) -> str:
    return re.sub(r"([^\w])", r"\\\1", word)
