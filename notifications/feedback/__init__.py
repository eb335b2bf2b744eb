"""What becomes known about mail after it left: to which address and delivery it belongs, and what follows."""

from .applying import judge_due, look_again
from .repairing import replace_everywhere, reset

__all__ = ["judge_due", "look_again", "replace_everywhere", "reset"]
