"""A LINE that only answers: `python -m devtools.benchmarks.line_standin SECONDS` takes every push after so long.

It says port and the number. Quick enough not to be what is measured: HTTP/1.1 on kept connections, and of a
request only its first line and its length are read.
"""

import asyncio
import contextlib
import re
import sys

HOST = "127.0.0.1"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def _answer(status: bytes, body: bytes) -> bytes:
    head = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nX-Line-Request-Id: bench\r\nContent-Length: %d\r\n\r\n"
    return head % (status, len(body)) + body


_ANSWERS = {
    b"POST /v2/bot/message/push": _answer(b"200 OK", b'{"sentMessages":[{"id":"1","quoteToken":"q"}]}'),
    b"POST /oauth2/v3/token": _answer(b"200 OK", b'{"access_token":"bench","expires_in":900,"token_type":"Bearer"}'),
}
_UNKNOWN = _answer(b"404 Not Found", b'{"message":"Not found"}')


class Connection(asyncio.Protocol):
    """One client, whose requests come one after the other."""

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self._loop = asyncio.get_running_loop()
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (head_end := self._read.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._read, 0, head_end)
            end = head_end + 4 + (int(length[1]) if length else 0)
            if len(self._read) < end:
                return
            called = self._read[: self._read.index(b" HTTP/")]
            self._read = self._read[end:]
            answer = _ANSWERS.get(called, _UNKNOWN)
            if self._latency:
                self._loop.call_later(self._latency, self._transport.write, answer)
            else:
                self._transport.write(answer)


async def main(latency: float) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Connection(latency), HOST, 0, backlog=512)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(float(sys.argv[1])))
