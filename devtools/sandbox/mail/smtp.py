"""The SMTP server (RFC 5321) with PIPELINING (RFC 2920), 8BITMIME and SMTPUTF8."""

import asyncio
import logging
from socket import socket

from aiosmtpd.smtp import SMTP, Envelope, Session

from devtools.sandbox.mail.behaviour import ACCEPTED, RecipientAnswers, answer_after_data, seconds_before_answer
from devtools.sandbox.mail.mailboxes import Mailboxes
from devtools.sandbox.mail.returning import Postman, returned_for

MAX_MESSAGE_BYTES = 32 * 1024 * 1024
IDLE_SECONDS = 300


class Handler:
    """aiosmtpd's hooks, called by name."""

    def __init__(self, mailboxes: Mailboxes, postman: Postman | None) -> None:
        self._mailboxes = mailboxes
        self._postman = postman
        self._answers = RecipientAnswers()

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        # aiosmtpd reads its commands one by one from a buffer that survives DATA: it pipelines without saying so.
        return [*responses[:-1], "250-PIPELINING", "250-ENHANCEDSTATUSCODES", responses[-1]]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if seconds := seconds_before_answer(address):
            await asyncio.sleep(seconds)
        answer = self._answers.answer(address)
        if answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if refusal := answer_after_data(envelope.rcpt_tos):
            return refusal
        raw = envelope.original_content or b""
        sender = envelope.mail_from or ""
        self._mailboxes.add(sender, envelope.rcpt_tos, raw)
        if self._postman:
            for recipient in envelope.rcpt_tos:
                if returned := returned_for(sender, recipient, raw):
                    self._postman.take(returned)
        return "250 2.0.0 Delivered"


async def start(mailboxes: Mailboxes, listener: socket, postman: Postman | None = None) -> asyncio.Server:
    """Without a postman nothing comes back."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    handler = Handler(mailboxes, postman)
    loop = asyncio.get_running_loop()

    def connection() -> SMTP:
        return SMTP(
            handler,
            hostname="sandbox.test",
            ident="SellerHub sandbox",
            enable_SMTPUTF8=True,
            data_size_limit=MAX_MESSAGE_BYTES,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            timeout=IDLE_SECONDS,
            loop=loop,
        )

    return await loop.create_server(connection, sock=listener)
