"""The LINE road: bubbles in, outcomes out. LINE takes each request for itself, so many are under way at once."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from .. import internal_reasons
from ..base import Outcome, SendResult
from .messages import LineMessage, too_large
from .responses import outcome

if TYPE_CHECKING:
    from .client import MessagingClient

_ROUND_SECONDS = 0.2
_GIVE_UP_AFTER = 3


class LineChannel:
    """Pushes through the Messaging API; see `base.Channel`."""

    def __init__(self, client: "MessagingClient", *, concurrency: int) -> None:
        self._client = client
        self._concurrency = concurrency
        self._threads = ThreadPoolExecutor(concurrency, thread_name_prefix="line")

    def send(self, messages: Iterable[LineMessage], *, reserve: Callable[[UUID], bool]) -> Iterator[list[Outcome]]:
        """See `base.Channel.send`. After an answer that concerns the whole channel nothing more is handed over."""
        waiting = iter(messages)
        held: LineMessage | None = None
        under_way: set[Future[Outcome]] = set()
        unreachable = 0
        ended = stopped = False
        while True:
            while not (ended or stopped) and len(under_way) < self._concurrency:
                if held is None and (held := next(waiting, None)) is None:
                    ended = True
                elif place := too_large(held.alt_text, held.contents):
                    detail = internal_reasons.LINE_TOO_LARGE % {"place": place}
                    yield [Outcome(held.delivery_id, SendResult.REFUSED, detail)]
                    held = None
                elif reserve(held.delivery_id):
                    under_way.add(self._threads.submit(self._push, held))
                    held = None
                else:
                    break
            if not under_way and (ended or stopped):
                return
            done, under_way = wait(under_way, timeout=_ROUND_SECONDS, return_when=FIRST_COMPLETED)
            outcomes = [future.result() for future in done]
            for one in outcomes:
                # Without a code LINE said nothing at all: the next would wait as long for nothing.
                is_in_trouble = one.verdict is SendResult.UNREACHABLE or one.code is None
                unreachable = unreachable + 1 if is_in_trouble else 0
                stopped = stopped or one.pause_request is not None or unreachable >= _GIVE_UP_AFTER
            yield outcomes

    def close(self) -> None:
        """Give up all connections."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    def _push(self, message: LineMessage) -> Outcome:
        answer = self._client.push(message.to, message.alt_text, message.contents, retry_key=message.delivery_id)
        used_up = answer.status == 429 and self._client.is_quota_used_up()
        return outcome(message, answer, quota_used_up=used_up, now=datetime.now(UTC))
