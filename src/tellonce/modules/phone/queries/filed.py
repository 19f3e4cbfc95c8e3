"""What the switchboard's calls are in the story."""

from typing import Final

from tellonce.modules.care.contracts import ContactLine
from tellonce.modules.care.queries import contact_by_source

SOURCE: Final = "switchboard"
_MOST_AGAIN: Final = 10


def name_again(call: str, times: int) -> str:
    """What a call is named that goes on when its contact was ended already."""
    return f"{call}+{times}"


def contact_of_call(call: str, *, source: str = SOURCE) -> ContactLine | None:
    """The contact that the call is; where that was ended and the call went on, the newest."""
    names = (call, *(name_again(call, times) for times in range(1, _MOST_AGAIN)))
    return contact_by_source(source=source, external_ids=names)
