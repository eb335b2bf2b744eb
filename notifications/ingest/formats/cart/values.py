"""Numbers and times as cart systems write them."""

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
    """A day, or a moment: without an offset on the clock of the shop. None when it is neither."""
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
    """A day begins at midnight on the clock of the shop."""
    return value if isinstance(value, datetime) else datetime.combine(value, time(), zone)


def read_count(text: str) -> int | None:
    """A whole number from 1 on: `2`, `２`, `2個`."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("個").removesuffix("点").strip()
    number = _decimal(plain)
    return int(number) if number is not None and number >= 1 and number == int(number) else None


def read_yen(text: str) -> int | None:
    """A whole amount of yen: `3200`, `3,200`, `¥3,200`, `３２００円`."""
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("¥").removesuffix("円").strip()
    number = _decimal(plain)
    return int(number) if number is not None and number >= 0 and number == int(number) else None


def _decimal(plain: str) -> Decimal | None:
    digits = plain.replace(",", "")
    # Decimal also reads 1e9, 1_0, NaN and the digits of every script.
    if len(digits) > _MAX_LENGTH or not re.fullmatch(r"\d+(\.\d+)?", digits, re.ASCII):
        return None
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None
