"""The base class of all payloads and the field types they use."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainValidator,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError
from pydantic_core.core_schema import custom_error_schema

from ..enums import Reason

_NO_CONTROLS = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
_NO_CONTROLS_BUT_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

_HTTPS = r"^https://[^\s\"'<>\\/?#@:]+(:[0-9]{1,5})?([/?#][^\s\"'<>\\\x00-\x1f\x7f]*)?$"


class Part(BaseModel):
    """A part of a payload: immutable, and without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Payload(Part):
    """The fields of one notification type, and the rules derived from them."""

    def verdict(self) -> Reason | None:
        """Return why this is sent by no channel; None when it is to be sent."""
        return None

    def line_verdict(self) -> Reason | None:
        """Return why this is not sent on LINE in particular; None when it may be."""
        return None

    def references(self) -> tuple[str, ...]:
        """Return the IDs and SKUs that a seller would search for, each once."""
        return ()

    def once_key(self) -> str | None:
        """Return a key that is sent only once per type and seller account; None when every event counts."""
        return None


_A_DAY = len("2026-11-21")


def _iso(text: str) -> date | datetime | None:
    # Python accepts any character between day and time, even one that PostgreSQL cannot store.
    if not (text.isascii() and text.isprintable()):
        return None
    try:
        return date.fromisoformat(text) if len(text) == _A_DAY else datetime.fromisoformat(text)
    except ValueError:
        return None


def _read_time(value: Any) -> datetime:
    if isinstance(value, str):
        value = _iso(value)
    if isinstance(value, datetime) and value.tzinfo is not None and 2000 <= value.year <= 2100:
        return value
    raise PydanticCustomError("time", "This is not a time with its offset, like 2026-11-21T18:30:00+09:00.")


def _read_day(value: Any) -> date:
    if isinstance(value, str):
        value = _iso(value)
    if isinstance(value, date) and not isinstance(value, datetime) and 2000 <= value.year <= 2100:
        return value
    raise PydanticCustomError("day", "This is not a date, like 2026-11-21.")


def _read_deadline(value: Any) -> date | datetime:
    if isinstance(value, str):
        value = _iso(value)
    aware = not isinstance(value, datetime) or value.tzinfo is not None
    if isinstance(value, date) and aware and 2000 <= value.year <= 2100:
        return value
    raise PydanticCustomError(
        "deadline", "This is neither a date nor a time with its offset, like 2026-11-21T18:30:00+09:00."
    )


def _written_plainly(value: Any) -> Any:
    # Python also reads 1_0 and the digits of every script.
    if isinstance(value, str) and ("_" in value or not value.isascii()):
        raise PydanticKnownError("decimal_parsing")
    return value


@dataclass(frozen=True)
class InOneSentence:
    """One error message for a field that may have several types, instead of one message for each type."""

    sentence: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return custom_error_schema(handler(source), "one_of_several", custom_error_message=self.sentence)


_DAY_SCHEMA: JsonSchemaValue = {"type": "string", "format": "date"}
_TIME_SCHEMA: JsonSchemaValue = {"type": "string", "format": "date-time"}

Time = Annotated[datetime, PlainValidator(_read_time), WithJsonSchema(_TIME_SCHEMA)]
Day = Annotated[date, PlainValidator(_read_day), WithJsonSchema(_DAY_SCHEMA)]
Deadline = Annotated[
    date | datetime,
    PlainValidator(_read_deadline),
    WithJsonSchema({"anyOf": [_DAY_SCHEMA, _TIME_SCHEMA]}),
]
"""A day or a moment: sources give one or the other."""

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$")]
Sku = Annotated[str, Field(min_length=1, max_length=64, pattern=_NO_CONTROLS)]
Title = Annotated[str, Field(min_length=1, max_length=300, pattern=_NO_CONTROLS)]
Words = Annotated[str, Field(min_length=1, max_length=500, pattern=_NO_CONTROLS)]
"""A sentence or two on one line."""
DeadlineOrWords = Annotated[
    Deadline | Words,
    Field(union_mode="left_to_right"),
    InOneSentence("This is neither a date, nor a time, nor a text of 500 characters at the most."),
]
Prose = Annotated[str, Field(min_length=1, max_length=10_000, pattern=_NO_CONTROLS_BUT_LINES)]
Url = Annotated[
    str,
    Field(max_length=1000, pattern=_HTTPS),
    InOneSentence("This is not an https address of 1,000 characters at the most."),
]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]
WrittenPlainly = BeforeValidator(_written_plainly)
"""Validates a decimal number that may come as text."""
Percent = Annotated[
    Decimal,
    Field(ge=0, le=100, decimal_places=4, description="Percent: 4.2 means 4.2 %."),
    WrittenPlainly,
]


class Period(Part):
    """Whole days, both included."""

    start: Annotated[Day, Field(alias="from")]
    end: Annotated[Day, Field(alias="to")]

    def model_post_init(self, context: Any, /) -> None:
        if self.end < self.start:
            raise PydanticCustomError("period", "The period ends before it starts.")


class Bilingual(Part):
    """A short text in both languages of the site."""

    ja: Title
    en: Title


class BilingualWords(Part):
    """A sentence or two in both languages of the site."""

    ja: Words
    en: Words


Saying = Annotated[
    Words | BilingualWords,
    InOneSentence("This is neither a text nor a text in ja and en, of 500 characters at the most."),
]
"""A sentence or two in the source's own language, or in both of the site."""


class BilingualProse(Part):
    """A long text in both languages of the site; an empty line separates paragraphs."""

    ja: Prose
    en: Prose
