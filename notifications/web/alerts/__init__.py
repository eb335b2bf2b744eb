"""What the home page must tell: derived from the states, so that it goes away by itself when they do."""

from .alert import Action, Alert
from .email_alerts import of_email
from .line_alerts import of_line

__all__ = ["Action", "Alert", "of_email", "of_line"]
