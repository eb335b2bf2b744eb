"""The exception for operations that a rule of the site forbids."""


class RuleViolationError(Exception):
    """A rule forbids what a user asked for. The message is a translated sentence to show to that user."""
