"""What an erasure will do, in sentences for the operator who asks for it."""

from dataclasses import dataclass, field

ERASED = "erased"
"""Stands where a name or an address stood."""


class CannotEraseError(Exception):
    """Nothing was changed; the sentence says what must be done first."""


@dataclass(slots=True)
class Plan:
    """Read it to the operator before anything is done."""

    goes: list[str] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)
    """Each with the reason."""
    obstacles: list[str] = field(default_factory=list)
    """Why it cannot be done now; empty when it can."""

    def take(self, count: int, what: str) -> None:
        """Add to what goes, unless there is nothing of it."""
        if count:
            self.goes.append(f"{count} × {what}")

    def require(self) -> None:
        """Raises CannotEraseError unless nothing stands in the way."""
        if self.obstacles:
            raise CannotEraseError(" ".join(self.obstacles))
