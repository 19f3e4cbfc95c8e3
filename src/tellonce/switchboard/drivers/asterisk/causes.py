"""Why a call ended, from the cause codes (ITU-T Q.850) that Asterisk gives."""

from typing import Final

from tellonce.switchboard.drivers.told import WhyNot

BUSY: Final = 17

_WHY: Final = {
    1: WhyNot.NOT_POSSIBLE,  # unallocated number
    2: WhyNot.NOT_POSSIBLE,  # no route to the network
    3: WhyNot.NOT_POSSIBLE,  # no route
    BUSY: WhyNot.BUSY,
    18: WhyNot.NO_ANSWER,  # no response of the phone
    19: WhyNot.NO_ANSWER,  # it rang, nobody picked up
    20: WhyNot.NO_PHONE,  # not registered
    21: WhyNot.DECLINED,
    22: WhyNot.NOT_POSSIBLE,  # number changed
    27: WhyNot.NO_PHONE,  # the phone is out of order
    28: WhyNot.NOT_POSSIBLE,  # number not complete
    34: WhyNot.NOT_POSSIBLE,  # no circuit
    38: WhyNot.NOT_POSSIBLE,  # network out of order
    41: WhyNot.NOT_POSSIBLE,  # temporary failure
    42: WhyNot.NOT_POSSIBLE,  # congestion
    44: WhyNot.NOT_POSSIBLE,  # channel not available
    58: WhyNot.NOT_POSSIBLE,  # no common codec
    127: WhyNot.NOT_POSSIBLE,  # interworking
}

_BY_DIAL_STATUS: Final = {
    "BUSY": WhyNot.BUSY,
    "NOANSWER": WhyNot.NO_ANSWER,
    "CHANUNAVAIL": WhyNot.NOT_POSSIBLE,
    "CONGESTION": WhyNot.NOT_POSSIBLE,
}

_BROKEN: Final = frozenset({27, 34, 38, 41, 42, 44, 102})


def why_not(cause: int, dial_status: str = "") -> WhyNot:
    """Why a phone was not reached; a phone that rang until its time was out has no cause, but a status."""
    return _WHY.get(cause) or _BY_DIAL_STATUS.get(dial_status) or WhyNot.NO_ANSWER


def is_broken(cause: int) -> bool:
    """Whether a call that was up ended by a fault of the network rather than by somebody who hung up."""
    return cause in _BROKEN
