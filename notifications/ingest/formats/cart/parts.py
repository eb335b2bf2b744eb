"""Serialise one order of a feed as a message, so that it can be parsed again by itself."""

import json
import unicodedata

from ..base import Part, id_of_content
from .columns import Column
from .rows import Line

_MAX_STATUS_LENGTH = 80
_MAX_ORDER_ID_LENGTH = 64
_DIGEST = 32


def part_of(line: Line, *, raw: object, content: object) -> Part:
    """Build the part for an order whose first line is `line`. Raises RecursionError when it is nested too deeply.
    The message ID is made from `content`, not from `raw`, which holds the place in the feed: the same order elsewhere
    in a feed is the same message.
    """
    order_id = unicodedata.normalize("NFKC", _raw_text(line, Column.ORDER_ID))[:_MAX_ORDER_ID_LENGTH].strip()
    digest = id_of_content(_written(content))
    if order_id.isascii() and order_id.isprintable() and order_id:
        digest = f"{order_id} {digest.removeprefix('sha256:')[:_DIGEST]}"
    return Part(digest, _raw_text(line, Column.STATUS)[:_MAX_STATUS_LENGTH], _written(raw))


def unwritten(raw: bytes) -> dict[str, object]:
    """Deserialise a part. Raises ValueError or RecursionError when it cannot be read."""
    kept: dict[str, object] = json.loads(raw)
    return kept


def _raw_text(line: Line, column: Column) -> str:
    return line.cells.get(column, ("", ""))[1]


def _written(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
