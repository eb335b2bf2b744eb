"""From claimed deliveries to messages, loaded for the whole batch: a composer for each channel."""

from collections.abc import Callable, Sequence
from typing import Protocol

from ...channels.base import SendableMessage
from ...enums import Channel
from ..claims import Claimed
from .bubbles import BubbleComposer
from .facts import CannotComposeError
from .letters import LetterComposer

__all__ = ["COMPOSERS", "CannotComposeError"]


class Composer(Protocol):
    """Writes the messages of one batch, in the batch's order."""

    def compose(self, delivery: Claimed) -> SendableMessage:
        """The message of one delivery; raises CannotComposeError."""
        ...


COMPOSERS: dict[Channel, Callable[[Sequence[Claimed]], Composer]] = {
    Channel.EMAIL: LetterComposer,
    Channel.LINE: BubbleComposer,
}
