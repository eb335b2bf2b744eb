"""Why an act is not possible."""


class RuleViolationError(Exception):
    """Somebody asked for what cannot be. The message is a sentence for the person, in their language."""
