"""The server that takes returned mail, and nothing else: SMTP (RFC 5321) or LMTP (RFC 2033).

It takes mail to return paths of ours, one recipient each, and says 250 only when the mail is kept. Whatever it
cannot keep stays with the server that brought it. It writes no address and no content into a log.
"""

from .server import Listener

__all__ = ["Listener"]
