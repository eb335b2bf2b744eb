"""The server that receives returned mail, and nothing else: SMTP (RFC 5321) or LMTP (RFC 2033).

It accepts mail to our return paths, one recipient each, and replies 250 only once the mail is stored. Mail that it
cannot store stays with the server that sent it. It logs no address and no content.
"""

from .server import Listener

__all__ = ["Listener"]
