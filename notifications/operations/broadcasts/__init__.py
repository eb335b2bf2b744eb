"""What operators tell many shops: written, previewed, released, sent in chunks, stopped, taken back."""

from .worker import work_off_due

__all__ = ["work_off_due"]
