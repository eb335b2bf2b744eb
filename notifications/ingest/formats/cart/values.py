"""Parse numbers and times as cart systems write them."""

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

_DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[ T]+(\d{1,2})[:時](\d{1,2})(?:[:分](\d{1,2})?)?(?:\.\d+)?秒?)?",
    re.ASCII,
)
_MAX_LENGTH = 40


def read_moment(text: str, zone: ZoneInfo) -> date | datetime | None:
    """Parse a date, or a time, in `zone` when it has no offset; None when it is neither."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if len(plain) > _MAX_LENGTH:
        return None
    found = _DATE.fullmatch(plain)
    try:
        if found is None:
            moment = datetime.fromisoformat(plain)
            return moment if moment.tzinfo else moment.replace(tzinfo=zone)
        year, month, day, hour, minute, second = (None if part is None else int(part) for part in found.groups())
        on = date(year or 0, month or 0, day or 0)
        if hour is None:
            return on
        return datetime.combine(on, time(hour, minute or 0, second or 0), zone)
    except ValueError:
        return None


def as_moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    """Convert a date to midnight in `zone`; a time stays as it is."""
    return value if isinstance(value, datetime) else datetime.combine(value, time(), zone)


def read_count(text: str) -> int | None:
    """Parse a whole number from 1 on (`2`, `２`, `2個`); None when it is not one."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("個").removesuffix("点").strip()
    number = _decimal(plain)
    return int(number) if number is not None and number >= 1 and number == int(number) else None


def read_yen(text: str) -> int | None:
    """Parse a whole amount of yen (`3200`, `3,200`, `¥3,200`, `３２００円`); None when it is not one."""
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("¥").removesuffix("円").strip()
    number = _decimal(plain)
    return int(number) if number is not None and number >= 0 and number == int(number) else None


def _decimal(plain: str) -> Decimal | None:
    digits = plain.replace(",", "")
    # Decimal also accepts 1e9, 1_0, NaN and the digits of every script.
    if len(digits) > _MAX_LENGTH or not re.fullmatch(r"\d+(\.\d+)?", digits, re.ASCII):
        return None
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None
