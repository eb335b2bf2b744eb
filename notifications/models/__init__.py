from .address_health import FailureNotice, Replay, TrialLetter
from .addresses import Address, EmergencyContact, EmergencyNotice, Unsubscription
from .broadcasts import Broadcast, Recall
from .channel_pauses import ChannelPause
from .counters import Heartbeat, Tally
from .deliveries import Attempt, Decision, Delivery, Notification, ReadHorizon, ReadMark
from .delivery_events import MailReport, ReturnedMail
from .line import Deauthorization, LineEvent, LineLink, LineNotice, LineUser, LinkAttempt, LinkLetter
from .preferences import Preference, PreferenceAddress
from .sources import SellerAlias, Source, SourceKey, SourceMessage
from .stock import KnownListing, MallOrder

__all__ = [
    "Address",
    "Attempt",
    "Broadcast",
    "ChannelPause",
    "Deauthorization",
    "Decision",
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
    "LinkLetter",
    "MailReport",
    "MallOrder",
    "Notification",
    "Preference",
    "PreferenceAddress",
    "ReadHorizon",
    "ReadMark",
    "Recall",
    "Replay",
    "ReturnedMail",
    "SellerAlias",
    "Source",
    "SourceKey",
    "SourceMessage",
    "Tally",
    "TrialLetter",
    "Unsubscription",
]
