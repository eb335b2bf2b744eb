"""The plan of an erasure, in sentences for the operator who runs it."""

from dataclasses import dataclass, field

ERASED = "erased"
"""Replaces an erased name or address."""


class CannotEraseError(Exception):
    """The erasure cannot run and nothing was changed; the message says what must be done first."""


@dataclass(slots=True)
class Plan:
    """What an erasure would do, shown to the operator beforehand."""

    goes: list[str] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)
    """Each with the reason."""
    obstacles: list[str] = field(default_factory=list)
    """Why it cannot be done now; empty when it can."""

    def take(self, count: int, what: str) -> None:
        """Add to what is erased, unless the count is 0."""
        if count:
            self.goes.append(f"{count} × {what}")

    def require(self) -> None:
        """Raise CannotEraseError when there is an obstacle."""
        if self.obstacles:
            raise CannotEraseError(" ".join(self.obstacles))
