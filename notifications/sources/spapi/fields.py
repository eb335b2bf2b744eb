"""The fields of a foreign message, in any spelling, with a sentence for what is missing or different."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from ...enums import ParkReason
from ..contract import ParkedError

LONGEST_TEXT = 300
_MOST_ENTRIES = 1000


class Fields:
    """An object of a message. `SellerId` and `sellerId` are the same name."""

    def __init__(self, value: Mapping[str, object], path: str = "") -> None:
        self._values = {name.casefold(): found for name, found in value.items()}
        self._path = path

    def text(self, name: str, *, most: int = LONGEST_TEXT) -> str:
        """A text that must be there."""
        found = self.maybe_text(name, most=most)
        if found is None:
            raise self._unlike(name, "is missing")
        return found

    def maybe_text(self, name: str, *, most: int = LONGEST_TEXT) -> str | None:
        """A text that may be missing, null or empty."""
        found = self._get(name)
        if found is None:
            return None
        if not isinstance(found, str):
            raise self._unlike(name, "is not a text")
        found = found.strip()
        if len(found) > most:
            raise self._unlike(name, f"is longer than {most} characters")
        if not found.isprintable():
            raise self._unlike(name, "holds characters that cannot be shown")
        return found or None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; missing is empty."""
        return tuple(one if isinstance(one, str) else "" for one in self._list(name))

    def count(self, name: str) -> int:
        """A whole number from 0 that must be there."""
        found = self._get(name)
        if isinstance(found, bool) or not isinstance(found, int):
            raise self._unlike(name, "is not a whole number")
        # Stock can be booked below nothing; for a seller it is nothing.
        return min(max(found, 0), 1_000_000_000)

    def number(self, name: str) -> Decimal:
        """A number that must be there."""
        found = self._get(name)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise self._unlike(name, "is not a number")
        return Decimal(str(found))

    def flag(self, name: str) -> bool:
        """Missing is no."""
        return self._get(name) is True

    def moment(self, name: str) -> datetime | None:
        """A time that may be missing; without an offset it is UTC, as all times of the API are."""
        found = self.maybe_text(name)
        if found is None:
            return None
        try:
            read = datetime.fromisoformat(found)
        except ValueError:
            return None
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read

    def inner(self, name: str) -> "Fields":
        """An object that must be there."""
        found = self._get(name)
        if not isinstance(found, dict):
            raise self._unlike(name, "is missing" if found is None else "is not an object")
        return Fields(found, f"{self._path}{name}.")

    def maybe_inner(self, name: str) -> "Fields":
        """An object; missing is empty."""
        return Fields({}) if self._get(name) is None else self.inner(name)

    def each(self, name: str) -> list["Fields"]:
        """A list of objects; missing is empty."""
        found = self._list(name)
        if not all(isinstance(one, dict) for one in found):
            raise self._unlike(name, "is not a list of objects")
        return [
            Fields(one, f"{self._path}{name}[{place}].")
            for place, one in enumerate(found)
            if isinstance(one, dict)
        ]

    def unwrapped(self) -> "Fields":
        """What is inside, where this holds nothing but one object such as `OrderChangeNotification`."""
        match list(self._values.items()):
            case [(name, dict() as inside)] if name.endswith("notification"):
                return Fields(inside, self._path)
            case _:
                return self

    def _list(self, name: str) -> Sequence[object]:
        found = self._get(name)
        if found is None:
            return ()
        if not isinstance(found, list):
            raise self._unlike(name, "is not a list")
        if len(found) > _MOST_ENTRIES:
            raise self._unlike(name, f"has more than {_MOST_ENTRIES} entries")
        return found

    def _get(self, name: str) -> object:
        return self._values.get(name.casefold())

    def _unlike(self, name: str, what: str) -> ParkedError:
        return ParkedError(ParkReason.UNKNOWN_SHAPE, f"{self._path}{name} {what}.")
