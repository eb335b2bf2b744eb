"""Alerts of the home page: computed from the current states, so that they disappear when the problem does."""

from .alert import Action, Alert
from .email_alerts import of_email
from .line_alerts import of_line

__all__ = ["Action", "Alert", "of_email", "of_line"]
