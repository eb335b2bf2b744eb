"""What keeps the site well: signs of life, forgetting what has served its time, erasing people and shops."""

from .heartbeat import STALE_AFTER, last_tick, tick
from .retention import forget_old

__all__ = ["STALE_AFTER", "forget_old", "last_tick", "tick"]
