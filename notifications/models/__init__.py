from .addresses import Address, EmergencyContact, EmergencyNotice
from .deliveries import Attempt, Decision, Delivery, Notification, ReadHorizon, ReadMark
from .line import Deauthorization, LineEvent, LineLink, LineNotice, LineUser, LinkAttempt, LinkLetter
from .pauses import ChannelPause
from .preferences import Preference, PreferenceAddress
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
    "LineEvent",
    "LineLink",
    "LineNotice",
    "LineUser",
    "LinkAttempt",
    "LinkLetter",
    "Notification",
    "Preference",
    "PreferenceAddress",
    "ReadHorizon",
    "ReadMark",
    "Source",
]
