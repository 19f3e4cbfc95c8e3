"""What billing keeps."""

from tellonce.modules.billing.models.agreed import Order, Traffic
from tellonce.modules.billing.models.bills import Bill, BookPrice, Charge, DeviceEvent, Payment
from tellonce.modules.billing.models.causes import Cause, CauseAccount, Correction
from tellonce.modules.billing.models.credits import Credit, CreditLimit, CreditRule
from tellonce.modules.billing.models.disputes import BillingOrder, Dispute, DisputeLine
from tellonce.modules.billing.models.findings import Finding
from tellonce.modules.billing.models.watches import Watch, WatchChange, WatchCheck

__all__ = [
    "Bill",
    "BillingOrder",
    "BookPrice",
    "Cause",
    "CauseAccount",
    "Charge",
    "Correction",
    "Credit",
    "CreditLimit",
    "CreditRule",
    "DeviceEvent",
    "Dispute",
    "DisputeLine",
    "Finding",
    "Order",
    "Payment",
    "Traffic",
    "Watch",
    "WatchChange",
    "WatchCheck",
]
