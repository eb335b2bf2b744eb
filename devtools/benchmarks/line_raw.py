"""How fast the stand-in is: sends ready bytes, many at once.

`python -m devtools.benchmarks.line_raw PORT REQUESTS CLIENTS`
It says done and the requests a second.
"""

import asyncio
import sys
import time

HOST = "127.0.0.1"
_BODY = b"x" * 3000
_REQUEST = b"POST /v2/bot/message/push HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(_BODY) + _BODY


async def ask(port: int, requests: int) -> None:
    """One client, whose requests come one after the other."""
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(_REQUEST)
    size = len(await reader.readuntil(b"}]}"))
    for _ in range(requests - 1):
        writer.write(_REQUEST)
        await reader.readexactly(size)
    writer.close()


async def main(port: int, requests: int, clients: int) -> None:
    began = time.perf_counter()
    await asyncio.gather(*(ask(port, requests // clients) for _ in range(clients)))
    print("done", int(requests // clients * clients / (time.perf_counter() - began)), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:4])))
