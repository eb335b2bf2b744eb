"""One line of the box on the home page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody can do about it."""

    label: str
    url: str
    posts: bool = False
    """It changes something, so it is a button."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that does not work, or waits."""

    tone: str
    """`bad`: a required notification reaches nobody; `warn`: some road fails; `news`: something waits."""
    title: str
    sentences: tuple[str, ...]
    actions: tuple[Action, ...]
    details: str = ""
    """The provider's own words."""
