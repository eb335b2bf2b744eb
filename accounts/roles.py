"""Primary and secondary users, and what each may do; does not use the database."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    """The role of a user in a seller account."""

    PRIMARY = "primary", pgettext_lazy("role", "Primary user")
    SECONDARY = "secondary", pgettext_lazy("role", "Secondary user")


def may_manage_members(role: str) -> bool:
    return role == Role.PRIMARY


def may_edit_notifications(role: str, *, granted: bool) -> bool:
    """Return whether the role may edit notification settings; a secondary user needs the primary user's grant."""
    return role == Role.PRIMARY or granted
