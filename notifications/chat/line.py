"""The one client of this process."""

from functools import cache
from typing import TYPE_CHECKING

from ..channels.line.server import configured

if TYPE_CHECKING:
    from ..channels.line.client import MessagingClient


@cache
def client() -> "MessagingClient":
    from ..channels.line.client import MessagingClient  # slow import: only workers talk to LINE

    return MessagingClient(configured())
