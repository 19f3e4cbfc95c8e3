"""All faults, those that can befall the fewest first, so that each finds whom it can befall."""

from collections.abc import Callable
from typing import Final

from tellonce.demo.bills.faults import agreed, amounts, jumping, others, outside
from tellonce.demo.bills.faults.picking import Picker
from tellonce.demo.bills.frame import Chance
from tellonce.demo.bills.world import Part

_ALL: Final[tuple[Callable[[Picker, Part], None], ...]] = (
    jumping.bill_jumps, jumping.charge_jumps, outside.never_activated, outside.in_a_pause, agreed.waived,
    agreed.came_back, outside.returned_device, outside.broken_device, agreed.credit_missing, amounts.old_plan,
    outside.after_end, outside.before_start, amounts.usage_over, amounts.early_rise, agreed.promotion_missing,
    others.discount_taken_back, amounts.no_traffic, amounts.part_month, outside.rent_of_own_device, agreed.not_ordered,
    others.service_of_others, outside.charged_twice, outside.billed_again, amounts.wrong_price, amounts.wrong_tax,
    amounts.wrong_total, amounts.other_currency,
)  # fmt: skip


def plant(chance: Chance, part: Part, faults: float) -> None:
    """Plants faults into the part; `faults` is how many more or fewer than usual, 0 leaves it honest."""
    if faults <= 0:
        return
    picker = Picker(chance, part, faults)
    for fault in _ALL:
        fault(picker, part)
