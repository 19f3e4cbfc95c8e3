"""What callers send as their number: kept when it is one, withheld when it is not, whatever the phone behind us is."""

import pytest

from tellonce.switchboard.board import Board
from tellonce.switchboard.callers import shown_number
from tellonce.switchboard.drivers import Called
from tellonce.switchboard.drivers.asterisk.numbers import in_full as in_full_by_asterisk
from tellonce.switchboard.drivers.embedded.numbers import in_full as in_full_by_ourselves
from tellonce.switchboard.facts import Arrived
from tellonce.switchboard.hearing import facts_of_told

NO_NUMBERS = ["1" * 41, "+" + "9" * 300, "12\x0034", "alice", "1;drop", "+", "", "\ud800", "١٢٣"]


@pytest.mark.parametrize("number", ["+12025550123", "101", "*86", "011442079460018", "+4930123456789012"])
def test_a_number_stays(number: str) -> None:
    assert shown_number(number) == number


@pytest.mark.parametrize("sent", NO_NUMBERS)
def test_what_is_no_number_is_withheld(sent: str) -> None:
    (arrived,) = facts_of_told(Board(), Called("c", "100", sent, "Mia"), at=1.0)
    assert arrived == Arrived(1.0, "c", entry="100", number="")
    assert in_full_by_asterisk(sent, "US") == ""
    assert in_full_by_ourselves(sent, "US") == ""
