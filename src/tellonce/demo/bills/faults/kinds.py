"""The kinds of faults: those of the guide, and those that it does not name."""

from typing import Final

NAMED: Final = (
    "returned_device", "never_activated", "broken_device", "no_traffic", "after_end", "before_start",
    "promotion_missing", "charged_twice", "billed_again", "wrong_price", "early_rise", "part_month", "in_a_pause",
    "credit_missing", "waived", "not_ordered", "usage_over", "wrong_tax", "wrong_total", "came_back", "jump",
)  # fmt: skip
OWN: Final = (
    "own_rent_of_own_device",  # rent for a device that belongs to the customer
    "own_service_of_others",  # charged for a service that another account has
    "own_old_plan",  # the dear plan of before goes on after the change to a cheaper one
    "own_discount_taken_back",  # a discount that was promised and given is charged again later
    "own_other_currency",  # a line in a currency that the account does not have
)
TRUTHS: Final = NAMED + OWN


def number_of(kind: str) -> int:
    """The number of a kind in lines; 0 is no fault."""
    return TRUTHS.index(kind) + 1
