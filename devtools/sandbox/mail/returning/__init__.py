"""Mail that the sandbox sends back, to the envelope sender of what it took before.

The beginning of the recipient's local part says what comes back; `behaviour.py` has the answers that come at once:

    later-full…       a bounce: the mailbox is full
    later-unknown…    a bounce: there is no such user
    later-blocked…    a bounce: the provider refuses the mail
    late…             a warning that the mail is delayed, then nothing
    away…             an automatic reply (RFC 3834)
    spam…             a complaint (ARF, RFC 5965)

Bounces and warnings are reports by RFC 3464 in the shape of one of four kinds of servers. A word after a dot in
the local part chooses it: later-full.exchange@…, later-unknown.gmail.7@…; else the domain does (gmail.com,
outlook.jp, docomo.ne.jp and their like); else it is Postfix. Every text is our own.

The mail stays in its mailbox all the same, so that one can read what was sent there.
"""

from .choosing import Kind, Returned, returned_for
from .postman import Postman

__all__ = ["Kind", "Postman", "Returned", "returned_for"]
