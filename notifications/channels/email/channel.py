"""The e-mail channel: assembles MIME messages and sends them over SMTP."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from ..base import Outcome, SendResult
from .mailbox import UnusableAddressError, mailbox
from .mime import Assembler, EmailContent
from .providers.delivery_ids import POSTMARK_HEADER
from .return_path import AttemptRef, ReturnPath
from .smtp.sender import SmtpSender
from .smtp.server import Server
from .smtp.session import Mail


class EmailMessage(NamedTuple):
    """One e-mail to one recipient."""

    delivery_id: UUID
    to: str
    letter: EmailContent
    """Shared with other recipients: consecutive messages with the same object encode it only once."""
    unsubscribe_token: str = ""
    """Appended to the message's `unsubscribe_url`, where it has one."""


class EmailChannel:
    """Sends over SMTP; see `base.Channel`."""

    def __init__(
        self,
        server: Server,
        *,
        sender: str,
        connections: int,
        timeout: float,
        return_path: ReturnPath | None = None,
        relay_is_postmark: bool = False,
    ) -> None:
        self._assembler = Assembler(sender, named_in=POSTMARK_HEADER if relay_is_postmark else "")
        self._return_path = return_path
        self._smtp = SmtpSender(server, connections=connections, timeout=timeout)

    def send(self, messages: Iterable[EmailMessage], *, reserve: Callable[[UUID], bool]) -> Iterator[list[Outcome]]:
        """See `base.Channel.send`."""
        unusable: list[Outcome] = []
        for outcomes in self._smtp.send(self._assemble(messages, unusable), reserve=reserve):
            yield outcomes + unusable
            unusable.clear()
        if unusable:
            yield unusable

    def close(self) -> None:
        """Give up all connections."""
        self._smtp.close()

    def _assemble(self, messages: Iterable[EmailMessage], unusable: list[Outcome]) -> Iterator[Mail]:
        letter: EmailContent | None = None
        for message in messages:
            try:
                to = mailbox(message.to)
            except UnusableAddressError as error:
                unusable.append(Outcome(message.delivery_id, SendResult.REFUSED, str(error)))
                continue
            if message.letter is not letter:
                letter = message.letter
                sealed = self._assembler.seal(letter)
            sender = self._envelope_sender(message.delivery_id)
            yield Mail(
                message.delivery_id,
                sender,
                to.address,
                self._assembler.address(
                    sealed,
                    delivery_id=message.delivery_id,
                    to=to,
                    shown=message.to,
                    unsubscribe_token=message.unsubscribe_token,
                    comes_back_to=sender if self._return_path else b"",
                ),
                to.needs_utf8,
            )

    def _envelope_sender(self, delivery_id: UUID) -> bytes:
        """Return the return path, or the sender's own address where none is configured."""
        if self._return_path is None:
            return self._assembler.sender.address
        return self._return_path.address(AttemptRef(delivery_id, datetime.now(UTC)))
