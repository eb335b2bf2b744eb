"""Attempts to link a LINE account: valid for ten minutes, for one user, once. Only hashes of secrets are stored.

From the site: OAuth with state, nonce and PKCE, then our consent page. From the chat: LINE's link token in our URL,
our consent page, then a nonce that LINE returns by webhook. Each step is one conditional update, so a repeated
request changes nothing.
"""

from .consent import agree, check_consent, deny, in_the_way
from .from_chat import begin_in_chat, complete, is_of_link_token, of_link_token
from .from_site import Begun, begin_on_site, come_back, of_state
from .steps import purge_attempts

__all__ = [
    "Begun",
    "agree",
    "begin_in_chat",
    "begin_on_site",
    "check_consent",
    "come_back",
    "complete",
    "deny",
    "in_the_way",
    "is_of_link_token",
    "of_link_token",
    "of_state",
    "purge_attempts",
]
