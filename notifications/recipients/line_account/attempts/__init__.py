"""An attempt to link: ten minutes, one person, one use. Of its secrets only hashes are kept.

From the site: OAuth with state, nonce and PKCE, then our consent. From the chat: LINE's link token in our address,
our consent, then a nonce that LINE gives back by webhook. Each step is one conditional update, so a replay finds
nothing to do.
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
