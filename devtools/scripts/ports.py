"""Free ports on this machine, taken at once so that nobody else comes in between."""

import errno
import socket

TRIES = 100
BACKLOG = 256


def listen(wanted: int, purpose: str, host: str) -> socket.socket:
    """A listening socket at the wanted port or the next free one; says so when it is another."""
    for port in range(wanted, wanted + TRIES):
        if (listener := _listen(port, host)) is not None:
            if port != wanted:
                print(f"Port {wanted} is taken: the {purpose} uses {port}.", flush=True)
            return listener
    raise SystemExit(f"No port from {wanted} to {wanted + TRIES - 1} is free for the {purpose}.")


def _listen(port: int, host: str) -> socket.socket | None:
    """None when it is taken there or on ::1, which the name localhost may mean as well."""
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
