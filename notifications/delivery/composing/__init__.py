"""Compose the messages for a batch of claimed deliveries: one composer class for each channel."""

from collections.abc import Callable, Sequence
from typing import Protocol

from ...channels.base import SendableMessage
from ...types.enums import Channel
from ..claims import Claimed
from .batch_facts import CannotComposeError
from .email_composer import EmailComposer
from .line_composer import BubbleComposer

__all__ = ["COMPOSERS", "CannotComposeError"]


class Composer(Protocol):
    """Composes the messages of one batch, in the batch's order."""

    def compose(self, delivery: Claimed) -> SendableMessage:
        """Return the message of one delivery; raises CannotComposeError."""
        ...


COMPOSERS: dict[Channel, Callable[[Sequence[Claimed]], Composer]] = {
    Channel.EMAIL: EmailComposer,
    Channel.LINE: BubbleComposer,
}
