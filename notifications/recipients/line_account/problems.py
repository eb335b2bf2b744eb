"""The reasons why an attempt to link LINE stops; the site explains each on a page."""

from django.db.models import TextChoices


class Problem(TextChoices):
    """Why an attempt stopped; also stored with the attempt."""

    UNKNOWN = "unknown", "no such attempt"
    EXPIRED = "expired", "ten minutes are over"
    USED = "used", "used already"
    OTHER_PERSON = "other_person", "begun by somebody else"
    NOT_PRIMARY = "not_primary", "a secondary user"
    NO_SHOP = "no_shop", "primary user of no shop"
    OTHER_LINKED = "other_linked", "another LINE account is linked"
    DENIED_AT_LINE = "denied_at_line", "not agreed at LINE"
    LINE_DOWN = "line_down", "LINE did not answer"
    LINE_REFUSED = "line_refused", "LINE said no"
    OTHER_BROWSER = "other_browser", "the state does not fit"
    TOO_OFTEN = "too_often", "linked too often today"
    WRONG_LINE_USER = "wrong_line_user", "another LINE user answered"


class StoppedError(Exception):
    """The attempt cannot go on; nothing was linked."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem
