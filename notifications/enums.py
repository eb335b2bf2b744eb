"""The words that every room of notifications shares. A leaf: imports nothing of ours."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(TextChoices):
    """A road to the seller."""

    EMAIL = "email", _("E-mail")
    LINE = "line", "LINE"


class Priority(IntegerChoices):
    """Which delivery is claimed first; lower goes first."""

    URGENT = 0, pgettext_lazy("priority", "Urgent")
    NORMAL = 1, pgettext_lazy("priority", "Normal")
    BULK = 2, pgettext_lazy("priority", "Bulk")


class DeliveryStatus(TextChoices):
    """Where a delivery stands. A claimed delivery stays queued: its lease says who has it."""

    QUEUED = "queued", pgettext_lazy("delivery status", "Waiting to be sent")
    SENT = "sent", pgettext_lazy("delivery status", "Sent")
    FAILED = "failed", pgettext_lazy("delivery status", "Failed")


class AddressState(TextChoices):
    """Whether an e-mail destination may be written to."""

    UNCONFIRMED = "unconfirmed", pgettext_lazy("address state", "Unconfirmed")
    ACTIVE = "active", pgettext_lazy("address state", "Active")
    FAILING = "failing", pgettext_lazy("address state", "Failing")
    REFUSED = "refused", pgettext_lazy("address state", "Refused")


class Reason(TextChoices):
    """Why a road was not taken."""

    SWITCHED_OFF = "switched_off", _("It is switched off.")
    NOT_IN_PLAN = "not_in_plan", _("It is not part of the selling plan.")
    NO_ADDRESS = "no_address", _("There is no e-mail address to send it to.")
    ADDRESS_UNCONFIRMED = "address_unconfirmed", _("The address has not been confirmed.")
    ADDRESS_FAILING = "address_failing", _("Mail to the address fails.")
    ADDRESS_REFUSED = "address_refused", _("The recipient reported our mail as spam.")
    LINE_NOT_LINKED = "line_not_linked", _("No LINE account is linked.")
    ORDER_NOT_CONFIRMED = "order_not_confirmed", _("The order is not confirmed yet.")
    WITHIN_REQUIREMENT = "within_requirement", _("The rate meets the requirement.")
    BELOW_THRESHOLD = "below_threshold", _("The sales are below the threshold for this channel.")
    NOTHING_TO_TELL = "nothing_to_tell", _("The list is empty.")
    ALREADY_TOLD = "already_told", _("It was told before.")
