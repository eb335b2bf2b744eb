"""Primary and secondary users, and what each may do. Pure: knows no rows."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    """The part a user has in a seller account."""

    PRIMARY = "primary", pgettext_lazy("role", "Primary user")
    SECONDARY = "secondary", pgettext_lazy("role", "Secondary user")


def may_manage_members(role: str) -> bool:
    return role == Role.PRIMARY


def may_edit_notifications(role: str, *, granted: bool) -> bool:
    """A secondary user edits notification settings only when the primary user granted it."""
    return role == Role.PRIMARY or granted
