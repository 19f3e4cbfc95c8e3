"""Ways to a real phone: what a driver does, and what it tells; the switchboard itself never sees SIP."""

from tellonce.switchboard.drivers.driver import Phone, PhoneDriver, Sink
from tellonce.switchboard.drivers.told import (
    Called,
    CustomerAnswered,
    CustomerNotReached,
    DriverLost,
    Gone,
    KeySent,
    LineBroke,
    PersonAnswered,
    PersonGone,
    PersonNotReached,
    PhonesChanged,
    Recorded,
    Told,
    WhyNot,
)

__all__ = [
    "Called",
    "CustomerAnswered",
    "CustomerNotReached",
    "DriverLost",
    "Gone",
    "KeySent",
    "LineBroke",
    "PersonAnswered",
    "PersonGone",
    "PersonNotReached",
    "Phone",
    "PhoneDriver",
    "PhonesChanged",
    "Recorded",
    "Sink",
    "Told",
    "WhyNot",
]
