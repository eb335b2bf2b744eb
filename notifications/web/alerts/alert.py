"""The data classes of an alert on the home page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """A link or button with which a user can act on the alert."""

    label: str
    url: str
    posts: bool = False
    """Whether it changes something and is therefore a POST button, not a link."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that does not work, or that waits for a user."""

    tone: str
    """`bad`: a required notification reaches nobody; `warn`: an address or channel fails; `news`: something waits."""
    title: str
    sentences: tuple[str, ...]
    actions: tuple[Action, ...]
    details: str = ""
    """The provider's response, verbatim."""
