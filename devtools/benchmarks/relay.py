"""A line with latency: `python -m devtools.benchmarks.relay PORT SECONDS` says on which port it listens.

Every chunk of bytes leaves half a round trip after it came, in order and however many are under way: bandwidth is
not limited, and who pipelines gains as on a real line.
"""

import asyncio
import contextlib
import sys

CHUNK = 65536
MAX_CHUNKS = 4096
HOST = "127.0.0.1"


async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, delay: float) -> None:
    """Pass bytes on, each `delay` seconds late, to the end of the stream."""
    clock = asyncio.get_running_loop().time
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(MAX_CHUNKS)

    async def arrive() -> None:
        while True:
            due, chunk = await under_way.get()
            await asyncio.sleep(max(due - clock(), 0))
            if not chunk:
                return
            target.write(chunk)
            await target.drain()

    arriving = asyncio.create_task(arrive())
    with contextlib.suppress(ConnectionError):
        while chunk := await source.read(CHUNK):
            await under_way.put((clock() + delay, chunk))
    await under_way.put((clock() + delay, b""))
    with contextlib.suppress(ConnectionError):
        await arriving
    target.close()


async def serve(port: int, round_trip: float) -> None:
    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(round_trip)  # the handshake of TCP
        far_reader, far_writer = await asyncio.open_connection(HOST, port)
        await asyncio.gather(carry(reader, far_writer, round_trip / 2), carry(far_reader, writer, round_trip / 2))

    server = await asyncio.start_server(connect, HOST, 0)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
