"""The fields of a foreign message, in any spelling, with a sentence for what is missing or different."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from notifications.types.enums import ParkReason

from ..base import DeadLetterError

MAX_TEXT_LENGTH = 300
_MAX_ENTRIES = 1000
_FAR = 10**15


class Fields:
    """An object of a message. `SellerId` and `sellerId` are the same name."""

    def __init__(self, value: Mapping[str, object], path: str = "") -> None:
        self._values = {name.casefold(): found for name, found in value.items()}
        self._path = path

    def text(self, name: str, *, max_length: int = MAX_TEXT_LENGTH) -> str:
        """A text that must be there."""
        found = self.maybe_text(name, max_length=max_length)
        if found is None:
            raise self._unlike(name, "is missing")
        return found

    def maybe_text(self, name: str, *, max_length: int = MAX_TEXT_LENGTH) -> str | None:
        """A text that may be missing, null or empty."""
        found = self._get(name)
        if found is None:
            return None
        if not isinstance(found, str):
            raise self._unlike(name, "is not a text")
        found = found.strip()
        if len(found) > max_length:
            raise self._unlike(name, f"is longer than {max_length} characters")
        if not found.isprintable():
            raise self._unlike(name, "holds characters that cannot be shown")
        return found or None

    def word(self, name: str) -> str:
        """One of a set of words that must be there, in capitals."""
        return self.text(name).upper()

    def words(self, name: str) -> frozenset[str]:
        """Several of a set of words, in capitals. The list must be there and may be empty."""
        if self._get(name) is None:
            raise self._unlike(name, "is missing")
        return self.maybe_words(name)

    def maybe_words(self, name: str) -> frozenset[str]:
        """Several of a set of words, in capitals; missing is none of them."""
        return frozenset(one.strip().upper() for one in self.texts(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; missing is empty."""
        found = tuple(one for one in self._list(name) if isinstance(one, str))
        if not all(one.isprintable() and len(one) <= MAX_TEXT_LENGTH for one in found):
            raise self._unlike(name, "holds what is no word")
        return found

    def count(self, name: str) -> int:
        """A whole number from 0 that must be there."""
        found = self._get(name)
        if isinstance(found, bool) or not isinstance(found, int):
            raise self._unlike(name, "is not a whole number")
        # Stock can be booked below nothing; for a seller it is nothing.
        return min(max(found, 0), 1_000_000_000)

    def maybe_count(self, name: str) -> int:
        """A whole number; missing is 0."""
        return self.count(name) if self.has(name) else 0

    def number(self, name: str) -> Decimal:
        """A number that must be there."""
        found = self._get(name)
        if isinstance(found, bool) or not isinstance(found, int | float) or not -_FAR < found < _FAR:
            raise self._unlike(name, "is not a number that we can work with")
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
            Fields(one, f"{self._path}{name}[{place}].") for place, one in enumerate(found) if isinstance(one, dict)
        ]

    def some(self, name: str) -> list["Fields"]:
        """A list of objects that must be there and not be empty."""
        if not (found := self.each(name)):
            raise self._unlike(name, "is empty")
        return found

    def each_or_one(self, name: str) -> list["Fields"]:
        """A list of objects, or one of them by itself."""
        return [self.inner(name)] if isinstance(self._get(name), dict) else self.each(name)

    def has(self, name: str) -> bool:
        """Whether it says anything there."""
        return self._get(name) is not None

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
        if len(found) > _MAX_ENTRIES:
            raise self._unlike(name, f"has more than {_MAX_ENTRIES} entries")
        return found

    def _get(self, name: str) -> object:
        return self._values.get(name.casefold())

    def unknown(self, name: str) -> DeadLetterError:
        """A word that nobody told us about: it may matter, so it is not passed over."""
        return self._unlike(name, "says what we do not know")

    def _unlike(self, name: str, what: str) -> DeadLetterError:
        return DeadLetterError(ParkReason.UNKNOWN_SHAPE, f"{self._path}{name} {what}.")
