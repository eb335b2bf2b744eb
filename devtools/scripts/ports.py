"""Find free ports on this machine and listen on them at once, so that no other process takes them."""

import errno
import socket

TRIES = 100
BACKLOG = 256


def listen(wanted: int, purpose: str, host: str) -> socket.socket:
    """Return a socket listening on the wanted port or the next free one; print it when it is another.

    Raises SystemExit when none of `TRIES` ports is free.
    """
    for port in range(wanted, wanted + TRIES):
        if (listener := _listen(port, host)) is not None:
            if port != wanted:
                print(f"Port {wanted} is taken: the {purpose} uses {port}.", flush=True)
            return listener
    raise SystemExit(f"No port from {wanted} to {wanted + TRIES - 1} is free for the {purpose}.")


def _listen(port: int, host: str) -> socket.socket | None:
    """Return None when the port is taken on `host` or on ::1, because localhost may mean either."""
    try:
        listener = socket.create_server((host, port), backlog=BACKLOG)
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            return None
        raise
    if socket.has_ipv6:
        try:
            socket.create_server(("::1", port), family=socket.AF_INET6).close()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                listener.close()
                return None
    return listener
