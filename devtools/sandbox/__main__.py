"""`python -m devtools.sandbox` prints a line of JSON with its ports when it is ready; SIGTERM ends it."""

import argparse
import asyncio
import json
import logging
import signal
import socket

from devtools.sandbox import authenticator
from devtools.sandbox.authenticator import Secret
from devtools.sandbox.line import routes as line
from devtools.sandbox.line.platform import Platform
from devtools.sandbox.mail import smtp
from devtools.sandbox.mail.mailboxes import Mailboxes
from devtools.sandbox.mail.pages import routes
from devtools.sandbox.mail.returning import Postman
from devtools.sandbox.web.server import start

BACKLOG = 256


async def run(
    smtp_socket: socket.socket,
    http_socket: socket.socket,
    *,
    webhook_url: str,
    callback_urls: list[str],
    bounces_to: tuple[str, int] | None,
    bounce_delay: float,
    secrets: list[Secret],
) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, stopped.set)
    mailboxes = Mailboxes()
    postman = Postman(*bounces_to, delay=bounce_delay) if bounces_to else None
    work = loop.create_task(postman.work()) if postman else None
    smtp_server = await smtp.start(mailboxes, smtp_socket, postman)
    host, smtp_port = smtp_socket.getsockname()[:2]
    http_port = http_socket.getsockname()[1]
    platform = Platform(webhook_url, tuple(callback_urls), origin=f"http://localhost:{http_port}")
    http_server = start([*routes(mailboxes), *line.routes(platform), *authenticator.routes(secrets)], http_socket)
    print(json.dumps({"host": host, "smtp_port": smtp_port, "http_port": http_port}), flush=True)
    await stopped.wait()
    http_server.shutdown()
    http_server.server_close()
    platform.close()
    smtp_server.close()
    if work:
        work.cancel()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m devtools.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--smtp-port", type=int, default=2525, help="0 takes any free port")
    parser.add_argument("--http-port", type=int, default=8025, help="0 takes any free port")
    parser.add_argument("--smtp-fd", type=int, help="a listening socket that was handed over, instead of a port")
    parser.add_argument("--http-fd", type=int, help="the same for the web pages")
    parser.add_argument("--line-webhook-url", default="", help="where LINE sends events")
    parser.add_argument("--line-callback-url", action="append", default=[], help="registered at LINE Login")
    parser.add_argument("--bounces-to", type=place, metavar="HOST:PORT", help="where mail that comes back is taken")
    parser.add_argument("--bounce-delay", type=float, default=2.0, metavar="SECONDS", help="before it comes back")
    parser.add_argument(
        "--authenticator",
        type=Secret.parse,
        action="append",
        default=[],
        metavar="NAME=SECRET",
        help="whose codes are shown",
    )
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    smtp_socket = listen(arguments.smtp_fd, arguments.host, arguments.smtp_port)
    http_socket = listen(arguments.http_fd, arguments.host, arguments.http_port)
    asyncio.run(
        run(
            smtp_socket,
            http_socket,
            webhook_url=arguments.line_webhook_url,
            callback_urls=arguments.line_callback_url,
            bounces_to=arguments.bounces_to,
            bounce_delay=arguments.bounce_delay,
            secrets=arguments.authenticator,
        )
    )


def listen(fd: int | None, host: str, port: int) -> socket.socket:
    return socket.create_server((host, port), backlog=BACKLOG) if fd is None else socket.socket(fileno=fd)


def place(text: str) -> tuple[str, int]:
    host, _colon, port = text.rpartition(":")
    return host, int(port)


if __name__ == "__main__":
    main()
