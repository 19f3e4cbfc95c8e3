"""Customers by an exact phone number or mail address: what an arriving contact is matched by."""

from tellonce.modules.record.contracts import ContactPointKind
from tellonce.modules.record.models import ContactPoint, SplitRow
from tellonce.modules.record.queries.identity import roots


def find_by_phone(e164: str) -> tuple[int, ...]:
    """The customers reached at this number now, merged ones by the one that remains, in order of id."""
    return _reached_at(ContactPointKind.PHONE, e164)


def find_by_mail(mail: str) -> tuple[int, ...]:
    """The customers reached at this mail address now (any case), in order of id."""
    return _reached_at(ContactPointKind.MAIL, mail.strip().lower())


def _reached_at(kind: str, value: str) -> tuple[int, ...]:
    points = ContactPoint.objects.filter(kind=kind, value=value, until__isnull=True, customer__hidden_at__isnull=True)
    whose = {str(pk): customer_id for pk, customer_id in points.values_list("pk", "customer_id")}
    if not whose:
        return ()
    splits = SplitRow.objects.filter(about="contact_point", about_id__in=whose, split__undone_at__isnull=True)
    whose |= dict(splits.order_by("split_id").values_list("about_id", "split__new_customer_id"))
    return tuple(sorted(set(roots(whose.values()).values())))
