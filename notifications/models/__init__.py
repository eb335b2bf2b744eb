from .addresses import Address, EmergencyContact, EmergencyNotice
from .deliveries import Attempt, Decision, Delivery, Notification, ReadHorizon, ReadMark
from .preferences import Preference, PreferenceAddress
from .sources import Source

__all__ = [
    "Address",
    "Attempt",
    "Decision",
    "Delivery",
    "EmergencyContact",
    "EmergencyNotice",
    "Notification",
    "Preference",
    "PreferenceAddress",
    "ReadHorizon",
    "ReadMark",
    "Source",
]
