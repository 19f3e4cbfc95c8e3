"""Words of bills: the kinds of charges, where a bill stands, and what is known of a device."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

DISTRIBUTED = ("billing_bill", "billing_charge", "billing_payment")
"""Tables that are spread over machines by customer, with the story."""


class BillState(TextChoices):
    """Where a bill stands; only an issued one has been seen by the customer.

    One without lines came in a file apart from its lines: it is no bill to look at or to check until they are here.
    """

    ASKED = "asked", _("the billing system asks before it sends it")
    NO_LINES = "no_lines", _("its lines are still to come")
    ISSUED = "issued", _("sent")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ChargeKind(TextChoices):
    """What a line of a bill is. Amounts of discounts and credits are below zero."""

    RECURRING = "recurring", _("each month")
    USAGE = "usage", _("by use")
    ONE_OFF = "one_off", _("once")
    DISCOUNT = "discount", _("discount")
    CREDIT = "credit", _("credit")
    FEE = "fee", _("fee")
    TAX = "tax", _("tax")


class DeviceEventKind(TextChoices):
    """What became known of a device. What nobody told is unknown, and unknown is never a finding."""

    ACTIVATED = "activated", _("activated")
    SEEN = "seen", _("seen at work")
    RETURNED = "returned", _("returned")
    BROKEN = "broken", _("known to be broken")
    MENDED = "mended", _("mended or replaced")
    NEVER_ACTIVATED = "never_activated", _("not activated")


class PriceUnit(TextChoices):
    """What a price of the price book is for."""

    MONTH = "month", _("a month")
    ONCE = "once", _("once")
    USE = "use", _("each use")
