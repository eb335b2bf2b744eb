"""`python -m sandbox`: prints one line of JSON with its ports when it is ready; SIGTERM or Ctrl-C ends it."""

import argparse
import asyncio
import json
import logging
import signal

from sandbox.mail import smtp
from sandbox.mail.mailboxes import Mailboxes
from sandbox.mail.pages import routes
from sandbox.web.server import start


async def run(host: str, smtp_port: int, http_port: int) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, stopped.set)
    mailboxes = Mailboxes()
    smtp_server = await smtp.start(mailboxes, host, smtp_port)
    http_server = start(routes(mailboxes), host, http_port)
    ports = {"smtp_port": smtp_server.sockets[0].getsockname()[1], "http_port": http_server.server_port}
    print(json.dumps({"host": host, **ports}), flush=True)
    await stopped.wait()
    http_server.shutdown()
    http_server.server_close()
    smtp_server.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--smtp-port", type=int, default=2525, help="0 takes any free port")
    parser.add_argument("--http-port", type=int, default=8025, help="0 takes any free port")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(run(arguments.host, arguments.smtp_port, arguments.http_port))


if __name__ == "__main__":
    main()
