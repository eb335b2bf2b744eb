"""Free ports on this machine."""

import errno
import socket

TRIES = 100


def first_free(wanted: int, purpose: str, host: str) -> int:
    """The wanted port or the next free one; says so when it is another."""
    for port in range(wanted, wanted + TRIES):
        if is_free(port, host):
            if port != wanted:
                print(f"Port {wanted} is taken: the {purpose} uses {port}.", flush=True)
            return port
    raise SystemExit(f"No port from {wanted} to {wanted + TRIES - 1} is free for the {purpose}.")


def is_free(port: int, host: str) -> bool:
    """Free there and on ::1, which the name localhost may mean as well."""
    for family, address in ((socket.AF_INET, host), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            if family == socket.AF_INET:
                raise
    return True
