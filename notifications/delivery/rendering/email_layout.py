"""What surrounds the story in every letter to one shop: its head, its foot and the words in between."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import override

from notifications.types.content import language
from notifications.types.definitions import GROUP_OF, TYPES
from notifications.types.enums import Priority

ADDRESS = "\x00"
"""Stands where the recipient's address goes; neither a payload nor the name of a shop can hold it."""
TOKEN = ADDRESS + ADDRESS
"""Stands where the recipient's token goes, after the address."""


@dataclass(frozen=True, slots=True)
class EmailLayout:
    brand: str
    shop: str
    urgent: bool
    kicker: str
    """The line above the headline: which group it is, and whether it is important."""
    colon: str
    todo_title: str
    choice: str
    """The sentence in front of the link to the preferences."""
    choice_link: str
    foot: tuple[str, ...]
    """The small print; the last line names the recipient's address."""
    stop: str
    """The words of the link by which a recipient stops an optional notification."""


@lru_cache(maxsize=4096)
def email_layout(type_key: str, language_code: str, shop: str, time_zone: str) -> EmailLayout:
    """Made once for the letters of one type to one shop."""
    kind = TYPES[type_key]
    urgent = kind.priority is Priority.URGENT
    said = language(language_code)
    _ = said.gettext
    with override(language_code):
        group = str(GROUP_OF[type_key].title)
        title = str(kind.title)
    if kind.required:
        choice = _("This notification is required and cannot be switched off. Choose where it goes:")
    else:
        choice = _("Choose which e-mails you receive and where they go:")
    return EmailLayout(
        brand="SellerHub",
        shop=shop,
        urgent=urgent,
        kicker=_("%(group)s: important") % {"group": group} if urgent else group,
        colon=said.pgettext("between a label and its value", ": "),
        todo_title=_("What to do"),
        choice=choice,
        choice_link=_("Notification preferences"),
        foot=(
            _("Times are shown in the time zone %(zone)s.") % {"zone": time_zone},
            _("Please do not reply to this e-mail: replies are not read."),
            _("You receive this e-mail because “%(type)s” of the shop “%(shop)s” is sent to %(address)s.")
            % {"type": title, "shop": shop, "address": ADDRESS},
        ),
        stop=_("Stop this notification at this address"),
    )
