from .addresses import Address, EmergencyContact, EmergencyNotice, Unsubscription
from .broadcasts import Broadcast, Recall
from .deliveries import Attempt, Decision, Delivery, Notification, ReadHorizon, ReadMark
from .goods import KnownListing, MallOrder
from .line import Deauthorization, LineEvent, LineLink, LineNotice, LineUser, LinkAttempt, LinkLetter
from .pauses import ChannelPause
from .preferences import Preference, PreferenceAddress
from .repairs import FailureNotice, Replay, TrialLetter
from .reports import MailReport, ReturnedMail
from .sources import SellerAlias, Source, SourceKey, SourceMessage
from .tallies import Heartbeat, Tally

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
