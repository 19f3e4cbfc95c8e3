"""Words of what was put right: where a dispute, a credit, a watch, a cause and a finding stand, and what they are."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

TERM_DAYS = 30
"""Within so many days a dispute is decided."""

CLEAN_BILLS = 12
"""A watch ends after so many bills in a row without what it looks for."""


LIMIT_DAYS = 30
"""What somebody credits alone on one account within so many days counts together."""


class RaisedBy(TextChoices):
    """Who says that a charge is wrong."""

    CUSTOMER = "customer", _("the customer")
    STAFF = "staff", _("a person on staff")
    US = "us", _("found by us")


class DisputeState(TextChoices):
    """Where a dispute stands."""

    OPEN = "open", _("to be decided")
    UPHELD = "upheld", _("upheld")
    PARTLY = "partly", _("partly upheld")
    NOT_UPHELD = "not_upheld", _("not upheld")
    WITHDRAWN = "withdrawn", _("withdrawn")


class CreditReason(TextChoices):
    """Why value is given on an account."""

    DISPUTE = "dispute", _("a wrong charge")
    CAME_BACK = "came_back", _("a wrong charge that came back")
    CORRECTION = "correction", _("a correction for everybody concerned")
    OUTAGE = "outage", _("time without service")
    BROKEN_PROMISE = "broken_promise", _("a promise that was not kept")
    MISSED_VISIT = "missed_visit", _("a visit that was missed")
    GOODWILL = "goodwill", _("goodwill")


class CreditState(TextChoices):
    """Where a credit stands: a granted one is due on the next bill."""

    ASKED = "asked", _("waits for a second person")
    GRANTED = "granted", _("due on the next bill")
    ON_BILL = "on_bill", _("on the bill")
    PAID_OUT = "paid_out", _("paid out another way")
    REFUSED = "refused", _("refused")
    CANCELLED = "cancelled", _("cancelled")


class WatchState(TextChoices):
    """Whether later bills are still checked."""

    WATCHING = "watching", _("watching")
    ENDED = "ended", _("ended")


class CheckOutcome(TextChoices):
    """What one watch said of one bill."""

    CLEAN = "clean", _("not on it")
    CAME_BACK = "came_back", _("came back")
    HELD = "held", _("held before it was sent")


class CauseState(TextChoices):
    """Where a cause stands."""

    SUSPECTED = "suspected", _("suspected")
    CONFIRMED = "confirmed", _("confirmed")
    FIXED = "fixed", _("mended at its source")
    DISMISSED = "dismissed", _("not an error")


class CorrectionState(TextChoices):
    """Where the correction for everybody stands."""

    ASKED = "asked", _("waits for a second person")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


class FindingState(TextChoices):
    """Where a finding stands."""

    OPEN = "open", _("to be looked at")
    CASE = "case", _("confirmed, with a case")
    DISMISSED = "dismissed", _("not an error")


class OrderKind(TextChoices):
    """What the provider's billing system, which stays the master of bills, is asked to do."""

    HOLD_DUNNING = "hold_dunning", _("do not dun for these lines")
    RELEASE_DUNNING = "release_dunning", _("these lines may be dunned for again")
    CREDIT = "credit", _("credit this on the next bill")
    STOP_LINE = "stop_line", _("do not bill this line again")
    CANCEL_CREDIT = "cancel_credit", _("do not credit this any more")
    ALLOW_LINE = "allow_line", _("this line may be billed again")


NO_BILL_DAYS = 40
"""An account without a bill for so many days gets no more of them: what is due on its next bill goes another way."""

LEAD_DAYS = 3
"""A credit is due on the first bill that is issued at least so many days after it was granted."""


class FindingKind(TextChoices):
    """What a check says is wrong; a check may know more kinds, which are shown by their name."""

    RETURNED_DEVICE = "returned_device", _("rent for a device that came back")
    NEVER_ACTIVATED = "never_activated", _("charged for what was never activated")
    BROKEN_DEVICE = "broken_device", _("rent for a device that was known to be broken")
    NO_TRAFFIC = "no_traffic", _("charged for a service without any traffic")
    AFTER_END = "after_end", _("charged after its end")
    BEFORE_START = "before_start", _("charged before its start")
    PROMOTION_MISSING = "promotion_missing", _("promised discount missing")
    CHARGED_TWICE = "charged_twice", _("charged twice on one bill")
    BILLED_AGAIN = "billed_again", _("days that an earlier bill charged")
    WRONG_PRICE = "wrong_price", _("not the price of the record")
    EARLY_RISE = "early_rise", _("a later price before its day")
    PART_MONTH = "part_month", _("part of a month charged wrongly")
    IN_A_PAUSE = "in_a_pause", _("charged during a seasonal stop")
    CREDIT_MISSING = "credit_missing", _("agreed credit missing")
    CREDIT_AGAIN = "credit_again", _("credited though it was cancelled or paid out")
    WAIVED = "waived", _("a charge that was waived")
    NOT_ORDERED = "not_ordered", _("charged without an order")
    USAGE_OVER = "usage_over", _("more use charged than measured")
    WRONG_TAX = "wrong_tax", _("tax at another rate")
    WRONG_TOTAL = "wrong_total", _("total is not the sum of its lines")
    CAME_BACK = "came_back", _("a charge that was taken off came back")
    NOT_OF_RECORD = "not_of_record", _("not what the record says")
    JUMP = "jump", _("a sudden jump that nothing explains")


def finding_words(kind: str) -> str:
    """A kind of finding in the reader's language."""
    return str(FindingKind(kind).label) if kind in FindingKind.values else kind.replace("_", " ")
