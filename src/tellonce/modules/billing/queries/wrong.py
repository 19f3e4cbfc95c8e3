"""What kind of wrong charge a line is, in the words of the tree of matters."""

from collections.abc import Sequence

from tellonce.modules.billing.contracts import ChargeKind
from tellonce.modules.billing.models import Charge
from tellonce.modules.care import queries as care
from tellonce.modules.record import queries as record

WRONG = "billing.wrong"
"""The matter of wrong charges; those below it are kinds of them."""


def wrong_matter(charge: Charge, *, customer_id: int) -> int | None:
    """The matter of a dispute about this line; the one above it where the provider took it out of the tree."""
    return care.matters_in_use([code := wrong_kind(charge, customer_id=customer_id)]).get(code)


def wrong_kind(charge: Charge, *, customer_id: int) -> str:
    """The code of this matter; WRONG where none of the kinds is in the tree."""
    codes = _kinds(charge, customer_id=customer_id)
    known = care.matters_in_use(codes)
    return next((code for code in codes if code in known), WRONG)


def _kinds(charge: Charge, *, customer_id: int) -> Sequence[str]:
    if charge.kind == ChargeKind.FEE:
        return (f"{WRONG}.fee",)
    if _ended_before(charge, customer_id=customer_id):
        return (f"{WRONG}.ended",)
    if _stands_twice(charge):
        return (f"{WRONG}.twice",)
    return (f"{WRONG}.rental",) if charge.device_serial else ()


def _ended_before(charge: Charge, *, customer_id: int) -> bool:
    """Whether the service was over before the days that the line charges."""
    if charge.service_id is None:
        return False
    services = {service.id: service for service in record.card(customer_id).services}
    service = services.get(charge.service_id)
    first = charge.period_from or charge.issued_on
    return service is not None and service.until is not None and service.until <= first


def _stands_twice(charge: Charge) -> bool:
    """Whether the bill charges the same once more."""
    alike = Charge.objects.filter(
        customer_id=charge.customer_id,
        bill_id=charge.bill_id,
        code=charge.code,
        product=charge.product,
        device_serial=charge.device_serial,
        service_id=charge.service_id,
        amount_minor=charge.amount_minor,
        period_from=charge.period_from,
    )
    return alike.exclude(id=charge.id).exists()
