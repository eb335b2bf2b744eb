from .addresses import Address, EmergencyContact
from .deliveries import Attempt, Decision, Delivery, Notification, ReadHorizon, ReadMark
from .preferences import Preference, PreferenceAddress
from .sources import Source

__all__ = [
    "Address",
    "Attempt",
    "Decision",
    "Delivery",
    "EmergencyContact",
    "Notification",
    "Preference",
    "PreferenceAddress",
    "ReadHorizon",
    "ReadMark",
    "Source",
]
