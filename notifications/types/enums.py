"""Enumerations shared by all notification areas. Imports no other project module."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(TextChoices):
    """A channel that reaches the seller."""

    EMAIL = "email", _("E-mail")
    LINE = "line", "LINE"


class Priority(IntegerChoices):
    """Order in which deliveries are claimed; lower first."""

    URGENT = 0, pgettext_lazy("priority", "Urgent")
    NORMAL = 1, pgettext_lazy("priority", "Normal")
    BULK = 2, pgettext_lazy("priority", "Bulk")


class DeliveryStatus(TextChoices):
    """Status of a delivery. A claimed delivery stays queued: its lease names the worker that claimed it."""

    QUEUED = "queued", pgettext_lazy("delivery status", "Waiting to be sent")
    SENT = "sent", pgettext_lazy("delivery status", "Sent")
    HELD = "held", pgettext_lazy("delivery status", "Held")
    """Did not arrive, or was not attempted, because its address is suppressed; kept until the address is repaired."""
    BOUNCED = "bounced", pgettext_lazy("delivery status", "Came back")
    """The mail server accepted it and returned it later."""
    FAILED = "failed", pgettext_lazy("delivery status", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("delivery status", "Cancelled")


class AddressState(TextChoices):
    """Whether notifications may be sent to an e-mail address."""

    UNCONFIRMED = "unconfirmed", pgettext_lazy("address state", "Unconfirmed")
    ACTIVE = "active", pgettext_lazy("address state", "Active")
    FAILING = "failing", pgettext_lazy("address state", "Failing")
    REFUSED = "refused", pgettext_lazy("address state", "Refused")


class Reason(TextChoices):
    """Why a channel was not used."""

    SWITCHED_OFF = "switched_off", _("It is switched off.")
    NOT_IN_PLAN = "not_in_plan", _("It is not part of the selling plan.")
    NO_ADDRESS = "no_address", _("There is no e-mail address to send it to.")
    ADDRESS_UNCONFIRMED = "address_unconfirmed", _("The address has not been confirmed.")
    ADDRESS_FAILING = "address_failing", _("Mail to the address fails.")
    ADDRESS_REFUSED = "address_refused", _("The recipient reported our mail as spam.")
    UNSUBSCRIBED = "unsubscribed", _("The recipient unsubscribed from it.")
    LINE_NOT_LINKED = "line_not_linked", _("No LINE account is linked.")
    LINE_NOT_FRIEND = "line_not_friend", _("The linked LINE account has not added ours as a friend.")
    LINE_BLOCKED = "line_blocked", _("Our LINE account is blocked.")
    LINE_UNBLOCKED = "line_unblocked", _("The LINE account must be linked again after a block.")
    ORDER_NOT_CONFIRMED = "order_not_confirmed", _("The order is not confirmed yet.")
    WITHIN_REQUIREMENT = "within_requirement", _("The rate meets the requirement.")
    BELOW_THRESHOLD = "below_threshold", _("The sales are below the threshold for this channel.")
    NOTHING_TO_TELL = "nothing_to_tell", _("The list is empty.")
    ALREADY_TOLD = "already_told", _("It was told before.")


class LinkState(TextChoices):
    """Status of the link between a seller account and a LINE account."""

    WAITING = "waiting", pgettext_lazy("LINE link", "Waiting for the friend")
    """The user consented, but has not added our LINE account as a friend: no message could arrive."""
    LIVE = "live", pgettext_lazy("LINE link", "Linked")
    BLOCKED = "blocked", pgettext_lazy("LINE link", "Blocked")
    UNBLOCKED = "unblocked", pgettext_lazy("LINE link", "To be linked again")
    """The user unblocked our account and must consent once more."""
    ENDED = "ended", pgettext_lazy("LINE link", "Ended")


class LinkEnd(TextChoices):
    """Why a link ended."""

    UNLINKED = "unlinked", pgettext_lazy("end of a LINE link", "Unlinked on the site")
    UNLINKED_IN_CHAT = "unlinked_in_chat", pgettext_lazy("end of a LINE link", "Unlinked in the chat")
    REPLACED = "replaced", pgettext_lazy("end of a LINE link", "Replaced by another LINE account")
    LINKED_AGAIN = "linked_again", pgettext_lazy("end of a LINE link", "Linked again")
    HANDED_OVER = "handed_over", pgettext_lazy("end of a LINE link", "The primary role was handed over")
    CLOSED = "closed", pgettext_lazy("end of a LINE link", "The shop was closed")


class LinkOrigin(TextChoices):
    """Where a user began to link."""

    CHAT = "chat", pgettext_lazy("way to link", "From the chat")
    SITE = "site", pgettext_lazy("way to link", "From the site")


class AttemptStage(TextChoices):
    """Progress of one attempt to link. Only the first three stages are open."""

    STARTED = "started", pgettext_lazy("attempt to link", "Started")
    IDENTIFIED = "identified", pgettext_lazy("attempt to link", "LINE said who it is")
    AGREED = "agreed", pgettext_lazy("attempt to link", "Agreed, LINE’s answer awaited")
    LINKED = "linked", pgettext_lazy("attempt to link", "Linked")
    DENIED = "denied", pgettext_lazy("attempt to link", "Not agreed")
    FAILED = "failed", pgettext_lazy("attempt to link", "Failed")


class PauseReason(TextChoices):
    """Why a channel is paused."""

    QUOTA = "quota", _("The messages of this month are used up.")
    UNAUTHORIZED = "unauthorized", _("The provider does not accept our credentials.")
    FORBIDDEN = "forbidden", _("The provider does not let our account send.")


class ReplayMode(TextChoices):
    """How held notifications are handled after the address is repaired."""

    ALL = "all", pgettext_lazy("held notifications", "Send all")
    SUMMARY = "summary", pgettext_lazy("held notifications", "Send one summary")
    LEAVE = "leave", pgettext_lazy("held notifications", "Leave them")


class BounceKind(TextChoices):
    """What a returned message reports about the one we sent."""

    BOUNCE = "bounce", pgettext_lazy("kind of returned mail", "Could not be delivered")
    DELAYED = "delayed", pgettext_lazy("kind of returned mail", "Delayed, still being tried")
    COMPLAINT = "complaint", pgettext_lazy("kind of returned mail", "Reported as spam")
    AUTO_REPLY = "auto_reply", pgettext_lazy("kind of returned mail", "Automatic reply")
    DELIVERED = "delivered", pgettext_lazy("kind of returned mail", "Delivered")


RECALLED = "recalled"
"""Reason of a delivery that was not sent because its notification was recalled."""

AWAITED = "awaited"
"""Failure of an unconfirmed address that replaced another one: its notifications are held."""


class BounceReason(TextChoices):
    """Why a mail server refused a message or gave up delivering it."""

    MAILBOX_FULL = "mailbox_full", _("The mailbox is full.")
    UNKNOWN_USER = "unknown_user", _("The address does not exist.")
    HOST_UNKNOWN = "host_unknown", _("The domain of the address does not exist or takes no mail.")
    SUSPENDED = "suspended", _("The mailbox is disabled or no longer used.")
    BLOCKED_BY_PROVIDER = (
        "blocked_by_provider",
        _("The mail server or a filter of the recipient refused our mail."),
    )
    MESSAGE_TOO_BIG = "message_too_big", _("The mail is larger than the recipient’s mail server takes.")
    EXPIRED = "expired", _("The recipient’s mail server could not be reached in time.")
    OTHER = "other", _("The mail server gave no reason that we know.")


class SourceKind(TextChoices):
    """The format in which a source sends."""

    EVENTS = "events", pgettext_lazy("kind of source", "Our own events")
    SELLING_PARTNER = "spapi", pgettext_lazy("kind of source", "Selling Partner API notifications")
    CART = "cart", pgettext_lazy("kind of source", "Orders of a shop’s own system")
    OWN = "own", pgettext_lazy("kind of source", "SellerHub itself")


class AliasKind(TextChoices):
    """The kind of identifier by which a source names a seller."""

    SELLER = "seller", pgettext_lazy("name of a seller", "Seller ID of the source")
    SUBSCRIPTION = "subscription", pgettext_lazy("name of a seller", "Subscription ID")


class MessageState(TextChoices):
    """Processing state of a message in a source's own format."""

    READ = "read", pgettext_lazy("message of a source", "Read")
    IGNORED = "ignored", pgettext_lazy("message of a source", "Not for sellers")
    PARKED = "parked", pgettext_lazy("message of a source", "Parked")


class ParkReason(TextChoices):
    """Why a source's message became no event."""

    NOT_FOR_SELLERS = "not_for_sellers", _("It tells nothing that sellers must know.")
    UNREADABLE = "unreadable", _("It cannot be read at all.")
    UNKNOWN_SHAPE = "unknown_shape", _("A part that we need is missing or different.")
    UNKNOWN_SELLER = "unknown_seller", _("We do not know whose it is.")
    REFUSED = "refused", _("What it says does not fit the type of notification.")
    FAILED = "failed", _("Our own program failed on it.")


class ListingTrouble(TextChoices):
    """The marketplace's complaint about a listing."""

    NONE = "", pgettext_lazy("listing", "None")
    AT_RISK = "at_risk", pgettext_lazy("listing", "At risk")
    SUSPENDED = "suspended", pgettext_lazy("listing", "Suspended")


class BroadcastState(TextChoices):
    """Status of a broadcast."""

    DRAFT = "draft", pgettext_lazy("broadcast", "Draft")
    WAITING = "waiting", pgettext_lazy("broadcast", "Waiting for a second operator")
    SCHEDULED = "scheduled", pgettext_lazy("broadcast", "Scheduled")
    SENDING = "sending", pgettext_lazy("broadcast", "Being sent")
    STOPPED = "stopped", pgettext_lazy("broadcast", "Stopped")
    SENT = "sent", pgettext_lazy("broadcast", "Sent")
    RECALLED = "recalled", pgettext_lazy("broadcast", "Recalled")
