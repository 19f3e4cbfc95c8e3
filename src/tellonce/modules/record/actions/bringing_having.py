"""What a known customer comes with of services, devices and flags: what of it is news."""

from collections.abc import Sequence
from datetime import date

from tellonce.modules.record.actions.flags import flag_set, new_flag
from tellonce.modules.record.actions.having import (
    device_added,
    device_ended,
    new_device,
    new_service,
    service_added,
    service_changed,
    service_ended,
)
from tellonce.modules.record.actions.known import Had
from tellonce.modules.record.actions.taking_over import Taken
from tellonce.modules.record.contracts import NewCustomer, NewDevice, NewService, ServiceStatus
from tellonce.modules.record.models import Service


def bring_service(had: Had, new: NewService, taken: Taken) -> Service:
    """Begins it, changes it or ends it; the service that is meant."""
    way = taken.way
    known = _same_service(had, new)
    is_over = new.status == ServiceStatus.ENDED
    if known is None:
        known = _begun(had, new, taken)
    else:
        taken.touch(known, of=had.customer.pk)
        known.external_id = new.external_id or known.external_id
        if known.status == ServiceStatus.ENDED:
            return known
        if not is_over and _is_other(known, new):
            told = service_changed(
                known,
                plan=new.plan,
                price_minor=known.price_minor if new.price_minor is None else new.price_minor,
                status=new.status,
                promotion_ends_on=new.promotion_ends_on or known.promotion_ends_on,
                price_after_minor=known.price_after_minor if new.price_after_minor is None else new.price_after_minor,
                by=way.by,
                at=way.at,
            )
            taken.tell(told)
    if is_over:
        taken.tell(service_ended(known, until=new.until or way.at.date(), by=way.by, at=way.at))
    return known


def _same_service(had: Had, new: NewService) -> Service | None:
    """The service by its id there; by kind and plan where there is no id, or where it came without one so far."""
    by_id = (one for one in had.services if one.external_id == new.external_id)
    by_plan = (one for one in had.services if (one.kind, one.plan) == (new.kind, new.plan))
    if not new.external_id:
        return next(by_plan, None)
    return next(by_id, None) or next((one for one in by_plan if not one.external_id), None)


def _is_other(known: Service, new: NewService) -> bool:
    """Whether the file says something else of the service; what it leaves out is no difference."""
    said = {
        "plan": new.plan.strip(),
        "price_minor": new.price_minor,
        "status": new.status or None,
        "promotion_ends_on": new.promotion_ends_on,
        "price_after_minor": new.price_after_minor,
    }
    return any(value is not None and value != getattr(known, name) for name, value in said.items())


def _begun(had: Had, new: NewService, taken: Taken) -> Service:
    is_over = new.status == ServiceStatus.ENDED
    service = new_service(
        customer_id=had.customer.pk,
        account_id=had.first_account_id,
        premise_id=had.first_premise_id,
        kind=new.kind,
        plan=new.plan,
        price_minor=new.price_minor,
        currency=new.currency,
        promotion_ends_on=new.promotion_ends_on,
        price_after_minor=new.price_after_minor,
        status=ServiceStatus.ACTIVE if is_over or not new.status else new.status,
        since=new.since or begun_on(new.until, taken),
        external_id=new.external_id,
        import_id=taken.way.import_id,
    )
    had.services.append(taken.add(service, of=had.customer.pk))
    taken.tell(service_added(service, by=taken.way.by, at=taken.way.at))
    return service


def begun_on(until: date | None, taken: Taken) -> date:
    """Since when something holds of which the file does not say it: today, or the day it ended if that is over."""
    today = taken.way.at.date()
    return min(today, until) if until is not None else today


def bring_device(had: Had, new: NewDevice, services: Sequence[Service], taken: Taken) -> None:
    """A device is known by its serial, or by its MAC where it has none."""
    known = had.devices.get(new.serial.strip() or new.mac)
    if known is None and new.until is None and (new.serial.strip() or new.mac):
        device = new_device(
            customer_id=had.customer.pk,
            service_id=services[new.service].pk if new.service is not None else None,
            kind=new.kind,
            maker=new.maker,
            model=new.model,
            serial=new.serial,
            mac=new.mac,
            is_ours=new.is_ours,
            since=new.since or taken.way.at.date(),
            import_id=taken.way.import_id,
        )
        had.devices[device.serial or device.mac] = taken.add(device, of=had.customer.pk)
        taken.tell(device_added(device, by=taken.way.by, at=taken.way.at))
        taken.is_found_otherwise(had.customer.pk)
    elif known is not None and new.until is not None:
        taken.touch(known, of=had.customer.pk)
        taken.tell(device_ended(known, until=new.until, by=taken.way.by, at=taken.way.at))
        taken.is_found_otherwise(had.customer.pk)


def bring_flags(had: Had, new: NewCustomer, taken: Taken) -> None:
    """A flag that was ever set for the same reason is not set again: somebody may have ended it."""
    for flag in new.flags:
        if (flag.kind, flag.reason.strip()) in had.flags:
            continue
        row = new_flag(
            customer_id=had.customer.pk,
            kind=flag.kind,
            reason=flag.reason,
            since=flag.since or taken.way.at,
            until=flag.until,
            by=taken.way.by,
        )
        had.flags.add((row.kind, row.reason))
        taken.add(row, of=had.customer.pk)
        taken.tell(flag_set(row, by=taken.way.by, at=taken.way.at))
