"""Brings back what is to come back, after a while, to the host that takes it."""

import asyncio
import heapq
import itertools
import logging
import smtplib
import time
from email import policy

from .choosing import Kind, Returned
from .people import automatic_reply, complaint
from .reports import report

logger = logging.getLogger(__name__)

MAX_WAITING = 10_000
TRY_AGAIN_AFTER = (1.0, 5.0, 15.0)
"""Seconds, after each try that may be repeated."""
TIMEOUT_SECONDS = 10.0


class Postman:
    """Waits in the server's loop and sends in a thread, one mail after the other, from `<>` (RFC 5321, 4.5.5)."""

    def __init__(self, host: str, port: int, *, delay: float) -> None:
        self._place = (host, port)
        self._delay = delay
        self._waiting: list[tuple[float, int, int, Returned]] = []
        """When it is due, its number, the tries so far."""
        self._numbers = itertools.count()
        self._more = asyncio.Event()

    def take(self, returned: Returned) -> None:
        """Send this back later. When too many wait the oldest are dropped."""
        self._put(self._delay, 0, returned)

    async def work(self) -> None:
        """Until it is cancelled."""
        while True:
            self._more.clear()
            seconds = self._waiting[0][0] - time.monotonic() if self._waiting else None
            if seconds is None or seconds > 0:
                await self._wait(seconds)
                continue
            _due, _number, tries, returned = heapq.heappop(self._waiting)
            if await asyncio.to_thread(self._is_handed_over, returned):
                continue
            if tries < len(TRY_AGAIN_AFTER):
                self._put(TRY_AGAIN_AFTER[tries], tries + 1, returned)
            else:
                logger.warning("Nobody takes what comes back of the mail to %s.", returned.recipient)

    async def _wait(self, seconds: float | None) -> None:
        try:
            await asyncio.wait_for(self._more.wait(), seconds)
        except TimeoutError:
            return

    def _put(self, seconds: float, tries: int, returned: Returned) -> None:
        heapq.heappush(self._waiting, (time.monotonic() + seconds, next(self._numbers), tries, returned))
        if len(self._waiting) > MAX_WAITING:
            dropped = heapq.heappop(self._waiting)[3]
            logger.warning("Too much is to come back; dropped that to %s.", dropped.recipient)
        self._more.set()

    def _is_handed_over(self, returned: Returned) -> bool:
        """Also when it is refused for good. False when trying again may help."""
        try:
            with smtplib.SMTP(*self._place, timeout=TIMEOUT_SECONDS) as client:
                client.sendmail("", [returned.envelope_sender], _raw(returned))
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as refusal:
            code = _code(refusal)
            if code < 500:
                return False
            logger.info("What comes back of the mail to %s is refused: %s.", returned.recipient, code)
        except (OSError, smtplib.SMTPException):
            return False
        return True


def _code(refusal: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> int:
    if isinstance(refusal, smtplib.SMTPResponseException):
        return refusal.smtp_code
    return max(code for code, _words in refusal.recipients.values())


def _raw(returned: Returned) -> bytes:
    match returned.kind:
        case Kind.AWAY:
            mail = automatic_reply(returned)
        case Kind.SPAM:
            mail = complaint(returned)
        case _:
            mail = report(returned)
    return mail.as_bytes(policy=policy.compat32.clone(linesep="\r\n"))
