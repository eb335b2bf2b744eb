"""Validation errors of an event's data, as sentences for developers of the system that sent it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

_MAX_ERRORS = 20

_SENTENCES = {
    "missing": "This field is required.",
    "extra_forbidden": "This type has no such field.",
    "model_type": "This is not an object.",
    "dict_type": "This is not an object.",
    "tuple_type": "This is not a list.",
    "too_short": "This list needs at least {min_length}.",
    "too_long": "This list holds more than {max_length}.",
    "string_type": "This is not a text.",
    "string_unicode": "This text is not valid Unicode.",
    "string_too_short": "This text is empty.",
    "string_too_long": "This text is longer than {max_length} characters.",
    "string_pattern_mismatch": "This text holds characters that are not allowed here.",
    "int_type": "This is not a whole number.",
    "int_parsing_size": "This number is too large.",
    "decimal_type": "This is not a number.",
    "decimal_parsing": "This is not a number.",
    "finite_number": "This is not a number.",
    "decimal_max_places": "This number has more than {decimal_places} digits after the point.",
    "decimal_max_digits": "This number has too many digits.",
    "greater_than_equal": "This is less than {ge}.",
    "less_than_equal": "This is more than {le}.",
    "enum": "This is none of {expected}.",
}
FALLBACK = "This value does not fit."
_OWN = frozenset(["time", "day", "deadline", "one_of_several", "currency", "money", "period", "times"])
"""Types of error that this package raises itself: their messages can be shown unchanged."""


class FieldError(NamedTuple):
    field: str
    """Path of the field, such as `data.items[0].sku`."""
    sentence: str


class PayloadError(Exception):
    """The data does not fit its type; trying again cannot help."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("; ".join(f"{error.field}: {error.sentence}" for error in errors))
        self.errors = errors


def explain(failed: ValidationError) -> PayloadError:
    """Translate pydantic's errors into our sentences, at most 20 of them."""
    found = failed.errors(include_url=False, include_input=False)
    kept = [error for error in found if not _follows_from_another(error, found)][:_MAX_ERRORS]
    return PayloadError([FieldError(_path(error["loc"]), _sentence(error)) for error in kept])


def _follows_from_another(error: Any, found: Sequence[Any]) -> bool:
    """Pydantic also calls a list too short when one of its entries is wrong: only the entry is at fault."""
    where = error["loc"]
    return error["type"] == "too_short" and any(
        len(other["loc"]) > len(where) and other["loc"][: len(where)] == where for other in found
    )


def _path(location: tuple[int | str, ...]) -> str:
    return "data" + "".join(f"[{part}]" if isinstance(part, int) else f".{part[:64]}" for part in location)


def _sentence(error: Any) -> str:
    if error["type"] in _OWN:
        return str(error["msg"])
    return _SENTENCES.get(error["type"], FALLBACK).format_map(error.get("ctx", {}))
