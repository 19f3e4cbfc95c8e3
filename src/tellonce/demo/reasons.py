"""What the made-up customers get in touch about: each reason with its matter and how it usually goes."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason: the matters it is filed under (drawn from), who solves it, and how it usually goes.

    `solved` is the chance that the first contact solves it; `promise` the kinds of promises made when it does not;
    `also` are matters that it is filed under for a reason of its own (an outage, a first bill).
    """

    key: str
    matters: tuple[str, ...]
    skill: str
    solved: float
    promise: tuple[str, ...]
    group: str
    also: tuple[str, ...] = ()

    @property
    def says(self) -> tuple[str, ...]:
        """Every matter for which the customer may have words of its own."""
        return (*dict.fromkeys(self.matters), *self.also)


REASONS: Final = (
    Reason(
        "internet_down",
        ("internet.down",),
        "tech", 0.62, ("fix", "visit", "call"), "internet", ("outage.status", "internet.device.broken"),
    ),
    Reason(
        "internet_drops",
        ("internet.drops",),
        "tech", 0.47, ("visit", "visit", "call", "fix"), "internet", ("internet.device.broken",),
    ),
    Reason(
        "internet_slow",
        ("internet.slow.evening", "internet.slow.evening", "internet.slow.always", "internet.slow"),
        "tech", 0.55, ("visit", "call", "fix"), "internet", ("internet.device.broken",),
    ),
    Reason(
        "wifi",
        ("internet.wifi", "internet.wifi", "internet.wifi", "internet.slow.wifi"),
        "tech", 0.73, ("call", "visit", "write"), "internet",
    ),
    Reason("modem_setup", ("internet.device.setup",), "tech", 0.76, ("call", "visit"), "internet"),
    Reason("tv_picture", ("tv.quality", "tv.quality", "tv.down"), "tech", 0.60, ("visit", "call", "fix"), "tv"),
    Reason("tv_channels", ("tv.channel",), "care", 0.78, ("call", "fix"), "tv"),
    Reason("tv_box", ("tv.box", "tv.box", "tv.recording"), "tech", 0.66, ("visit", "call", "other"), "tv"),
    Reason("phone_line", ("phone.down", "phone.quality"), "tech", 0.60, ("visit", "fix", "call"), "phone"),
    Reason(
        "mobile_signal",
        ("mobile.coverage", "mobile.coverage", "mobile.sim"),
        "tech", 0.57, ("call", "fix", "write"), "mobile",
    ),
    Reason("mobile_data", ("mobile.data", "mobile.roaming"), "care", 0.76, ("call", "credit"), "mobile"),
    Reason(
        "wrong_charge",
        (
            "billing.wrong.rental", "billing.wrong.rental", "billing.wrong.fee", "billing.wrong.fee",
            "billing.wrong.twice", "billing.wrong.ended", "billing.wrong", "billing.credit_missing",
        ),
        "billing", 0.60, ("credit", "credit", "call", "write"), "billing",
    ),
    Reason(
        "bill_question", ("billing.question",), "billing", 0.84, ("call", "write"), "billing", ("billing.first_bill",)
    ),
    Reason(
        "price_went_up",
        ("billing.raise",), "billing", 0.67, ("call", "write"), "billing", ("billing.raise.promotion",),
    ),
    Reason(
        "pay_later",
        ("billing.later", "billing.later", "billing.later", "billing.cut_off"),
        "billing", 0.81, ("call", "write"), "billing",
    ),
    Reason(
        "payment_missing",
        ("billing.pay.failed", "billing.pay.failed", "billing.pay.how"),
        "billing", 0.72, ("call", "fix", "write"), "billing",
    ),
    Reason("outage_credit", ("outage.credit",), "billing", 0.77, ("credit",), "billing"),
    Reason(
        "order_status",
        ("order.status", "order.status", "equipment.delivery"),
        "care", 0.69, ("call", "write", "visit"), "orders",
    ),
    Reason(
        "change_plan",
        ("order.upgrade", "order.upgrade", "order.upgrade", "order.downgrade", "order.downgrade", "order.available"),
        "care", 0.80, ("call", "write", "visit"), "orders",
    ),
    Reason("move_home", ("move.plan",), "care", 0.66, ("visit", "call", "write"), "orders", ("move.problem",)),
    Reason("visit_when", ("visit.change", "visit.change", "visit.book"), "care", 0.82, ("visit", "call"), "visits"),
    Reason(
        "visit_missed",
        ("visit.missed", "visit.missed", "visit.late"),
        "care", 0.52, ("visit", "visit", "call"), "visits",
    ),
    Reason(
        "details",
        (*("account.details",) * 6, *("account.people",) * 3, "account.bereavement"),
        "care", 0.92, ("write", "call"), "account",
    ),
    Reason("sign_in", ("account.sign_in",), "care", 0.88, ("call", "write"), "account"),
    Reason(
        "leave",
        ("leaving.wish", "leaving.wish", "leaving.price", "leaving.moving_away", "leaving.service"),
        "leaving", 0.72, ("call", "write"), "leaving",
    ),
    Reason("equipment_back", ("equipment.return",), "care", 0.74, ("write", "call"), "leaving"),
    Reason("complaint", ("about_us.complaint",), "care", 0.74, ("call", "write"), "about_us"),
    Reason("praise", ("about_us.praise",), "care", 1.0, ("write",), "about_us"),
)  # fmt: skip
INDEX: Final = {reason.key: number for number, reason in enumerate(REASONS)}
REASON_OF: Final = {
    code: number for number, reason in reversed(list(enumerate(REASONS))) for code in (*reason.also, *reason.matters)
}
