from .addresses import Address, EmergencyContact, EmergencyNotice, Unsubscription
from .deliveries import Attempt, Decision, Delivery, Notification, ReadHorizon, ReadMark
from .line import Deauthorization, LineEvent, LineLink, LineNotice, LineUser, LinkAttempt, LinkLetter
from .pauses import ChannelPause
from .preferences import Preference, PreferenceAddress
from .repairs import FailureNotice, Replay, TrialLetter
from .reports import MailReport, ReturnedMail
from .sources import Source

__all__ = [
    "Address",
    "Attempt",
    "ChannelPause",
    "Deauthorization",
    "Decision",
    "Delivery",
    "EmergencyContact",
    "EmergencyNotice",
    "FailureNotice",
    "LineEvent",
    "LineLink",
    "LineNotice",
    "LineUser",
    "LinkAttempt",
    "LinkLetter",
    "MailReport",
    "Notification",
    "Preference",
    "PreferenceAddress",
    "ReadHorizon",
    "ReadMark",
    "Replay",
    "ReturnedMail",
    "Source",
    "TrialLetter",
    "Unsubscription",
]
