"""Database models of notifications, one module per area."""

from .address_health import AddressTestMessage, FailureNotice, Replay
from .addresses import Address, EmergencyContact, EmergencyNotice, Unsubscription
from .broadcasts import Broadcast, Recall
from .channel_pauses import ChannelPause
from .counters import CounterEntry, Heartbeat
from .deliveries import Attempt, Delivery, Notification, ReadHorizon, ReadMark, SkippedRoute
from .delivery_events import MailReport, ReturnedMail
from .line import Deauthorization, LineEvent, LineLink, LineNotice, LineUser, LinkAttempt, LinkMail
from .preferences import Preference, PreferenceAddress
from .sources import SellerAlias, Source, SourceKey, SourceMessage
from .stock import CartOrder, KnownListing

__all__ = [
    "Address",
    "AddressTestMessage",
    "Attempt",
    "Broadcast",
    "CartOrder",
    "ChannelPause",
    "CounterEntry",
    "Deauthorization",
    "Delivery",
    "EmergencyContact",
    "EmergencyNotice",
    "FailureNotice",
    "Heartbeat",
    "KnownListing",
    "LineEvent",
    "LineLink",
    "LineNotice",
    "LineUser",
    "LinkAttempt",
    "LinkMail",
    "MailReport",
    "Notification",
    "Preference",
    "PreferenceAddress",
    "ReadHorizon",
    "ReadMark",
    "Recall",
    "Replay",
    "ReturnedMail",
    "SellerAlias",
    "SkippedRoute",
    "Source",
    "SourceKey",
    "SourceMessage",
    "Unsubscription",
]
