"""What customers have: services and devices."""

from dataclasses import replace
from datetime import date, datetime
from enum import Enum
from typing import Any, Final, NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from tellonce.modules.record import story
from tellonce.modules.record.actions.customers import customer_to_change
from tellonce.modules.record.actions.searching import index_customer
from tellonce.modules.record.contracts import (
    About,
    AlreadyEndedError,
    BadRecordError,
    DeviceAdded,
    DeviceEnded,
    MomentData,
    NotOfRecordError,
    ServiceAdded,
    ServiceChanged,
    ServiceEnded,
    ServiceStatus,
    TakenError,
    Told,
    mac_address,
)
from tellonce.modules.record.models import Device, Service
from tellonce.modules.staff.contracts import Actor


class _Same(Enum):
    AS_IT_IS = "as it is"


AS_IT_IS: Final = _Same.AS_IT_IS


@transaction.atomic
def add_service(
    *,
    customer_id: int,
    kind: str,
    plan: str,
    by: Actor,
    at: datetime,
    price_minor: int | None = None,
    currency: str = "USD",
    promotion_ends_on: date | None = None,
    price_after_minor: int | None = None,
    status: str = ServiceStatus.ACTIVE,
    since: date | None = None,
    account_id: int | None = None,
    premise_id: int | None = None,
) -> Service:
    """A plan that the customer has, or ordered, from `since` (today when not given)."""
    customer = customer_to_change(customer_id)
    service = new_service(
        customer_id=customer.pk,
        account_id=account_id,
        premise_id=premise_id,
        kind=kind,
        plan=plan,
        price_minor=price_minor,
        currency=currency,
        promotion_ends_on=promotion_ends_on,
        price_after_minor=price_after_minor,
        status=status,
        since=since or at.date(),
    )
    service.save(force_insert=True)
    story.tell(service_added(service, by=by, at=at))
    return service


def new_service(*, customer_id: int, plan: str, price_minor: int | None, **more: Any) -> Service:
    """A service that is not saved yet; `more` are its further fields."""
    if not plan.strip():
        raise BadRecordError(gettext("A service needs a plan."))
    _refuse_bad_price(price_minor)
    return Service(customer_id=customer_id, plan=plan.strip(), price_minor=price_minor, **more)


def service_added(service: Service, *, by: Actor, at: datetime) -> Told:
    """What is told of a new service."""
    what = ServiceAdded(
        service_id=service.pk,
        plan=service.plan,
        price_minor=service.price_minor,
        currency=service.currency,
        status=service.status,
        since=service.since,
    )
    return _told(service, what, by=by, at=at)


@transaction.atomic
def change_service(
    *,
    service_id: int,
    by: Actor,
    at: datetime,
    plan: str | None = None,
    price_minor: int | _Same | None = AS_IT_IS,
    status: str | None = None,
    promotion_ends_on: date | _Same | None = AS_IT_IS,
    price_after_minor: int | _Same | None = AS_IT_IS,
    words: str = "",
) -> Service:
    """Another plan, price, promotion or status; what is not given stays. The moment holds before and after."""
    service = _service_to_change(service_id)
    told = service_changed(
        service,
        plan=plan,
        price_minor=price_minor,
        status=status,
        promotion_ends_on=promotion_ends_on,
        price_after_minor=price_after_minor,
        by=by,
        at=at,
    )
    service.save(update_fields=["plan", "status", "price_minor", "promotion_ends_on", "price_after_minor"])
    story.tell(replace(told, words=words))
    return service


def service_changed(
    service: Service,
    *,
    by: Actor,
    at: datetime,
    plan: str | None,
    price_minor: int | _Same | None,
    status: str | None,
    promotion_ends_on: date | _Same | None,
    price_after_minor: int | _Same | None,
) -> Told:
    """Gives the service other values, unsaved; what is told of it holds before and after."""
    before = _as_it_is(service)
    service.plan = plan.strip() if plan else service.plan
    service.status = status or service.status
    if not isinstance(price_minor, _Same):
        _refuse_bad_price(price_minor)
        service.price_minor = price_minor
    if not isinstance(promotion_ends_on, _Same):
        service.promotion_ends_on = promotion_ends_on
    if not isinstance(price_after_minor, _Same):
        _refuse_bad_price(price_after_minor)
        service.price_after_minor = price_after_minor
    if service.status == ServiceStatus.ENDED:
        raise BadRecordError(gettext("A service is ended by ending it, not by changing its status."))
    what = ServiceChanged(
        service_id=service.pk,
        plan_before=before.plan,
        plan=service.plan,
        price_before_minor=before.price_minor,
        price_minor=service.price_minor,
        currency=service.currency,
        status_before=before.status,
        status=service.status,
        promotion_before=before.promotion_ends_on,
        promotion_ends_on=service.promotion_ends_on,
        price_after_promotion_before_minor=before.price_after_minor,
        price_after_promotion_minor=service.price_after_minor,
    )
    return _told(service, what, by=by, at=at)


class _Terms(NamedTuple):
    """What of a service may change."""

    plan: str
    price_minor: int | None
    status: str
    promotion_ends_on: date | None
    price_after_minor: int | None


def _as_it_is(service: Service) -> _Terms:
    return _Terms(
        service.plan, service.price_minor, service.status, service.promotion_ends_on, service.price_after_minor
    )


@transaction.atomic
def end_service(*, service_id: int, by: Actor, at: datetime, until: date | None = None, reason: str = "") -> Service:
    """The service is over from `until` (today when not given)."""
    service = _service_to_change(service_id)
    told = service_ended(service, until=until or at.date(), reason=reason, by=by, at=at)
    service.save(update_fields=["status", "until"])
    story.tell(told)
    return service


def service_ended(service: Service, *, until: date, by: Actor, at: datetime, reason: str = "") -> Told:
    """The service that is over, unsaved, and what is told of it."""
    service.status, service.until = ServiceStatus.ENDED, until
    if service.since is not None and until < service.since:
        raise BadRecordError(gettext("A service cannot end before it began."))
    what = ServiceEnded(service_id=service.pk, plan=service.plan, until=until, reason=reason)
    return _told(service, what, by=by, at=at)


def _told(service: Service, what: MomentData, *, by: Actor, at: datetime) -> Told:
    return Told(customer_id=service.customer_id, what=what, at=at, by=by, about=About("service", service.pk))


@transaction.atomic
def add_device(
    *,
    customer_id: int,
    kind: str,
    by: Actor,
    at: datetime,
    maker: str = "",
    model: str = "",
    serial: str = "",
    mac: str = "",
    is_ours: bool = True,
    service_id: int | None = None,
    since: date | None = None,
) -> Device:
    """A device that is at the customer's now; maker and serial together are at one customer only."""
    customer = customer_to_change(customer_id)
    device = new_device(
        customer_id=customer.pk,
        service_id=service_id,
        kind=kind,
        maker=maker,
        model=model,
        serial=serial,
        mac=mac,
        is_ours=is_ours,
        since=since or at.date(),
    )
    try:
        with transaction.atomic():
            device.save(force_insert=True)
    except IntegrityError as error:
        taken = gettext("Another customer has a device of %(maker)s with the serial %(serial)s.")
        raise TakenError(taken % {"maker": device.maker or "?", "serial": device.serial}) from error
    index_customer(customer.pk)
    story.tell(device_added(device, by=by, at=at))
    return device


def new_device(*, customer_id: int, maker: str, model: str, serial: str, mac: str, **more: Any) -> Device:
    """A device that is not saved yet; `more` are its further fields."""
    return Device(
        customer_id=customer_id,
        maker=maker.strip(),
        model=model.strip(),
        serial=serial.strip(),
        mac=mac_address(mac) if mac.strip() else "",
        **more,
    )


def device_added(device: Device, *, by: Actor, at: datetime) -> Told:
    """What is told of a new device."""
    what = DeviceAdded(device_id=device.pk, what=f"{device.maker} {device}".strip(), serial=device.serial)
    return Told(customer_id=device.customer_id, what=what, at=at, by=by, about=About("device", device.pk))


@transaction.atomic
def end_device(*, device_id: int, by: Actor, at: datetime, until: date | None = None) -> Device:
    """The device is at the customer's no longer; somebody else may have it next."""
    device = Device.objects.select_for_update().filter(pk=device_id).first()
    if device is None:
        raise NotOfRecordError(gettext("There is no such device."))
    if device.until is not None:
        raise AlreadyEndedError(gettext("This device is gone already."))
    told = device_ended(device, until=until or at.date(), by=by, at=at)
    device.save(update_fields=["until"])
    index_customer(device.customer_id)
    story.tell(told)
    return device


def device_ended(device: Device, *, until: date, by: Actor, at: datetime) -> Told:
    """The device that is gone, unsaved, and what is told of it."""
    device.until = until
    what = DeviceEnded(device_id=device.pk, what=f"{device.maker} {device}".strip(), serial=device.serial)
    return Told(customer_id=device.customer_id, what=what, at=at, by=by, about=About("device", device.pk))


def _service_to_change(service_id: int) -> Service:
    service = Service.objects.select_for_update().filter(pk=service_id).first()
    if service is None:
        raise NotOfRecordError(gettext("There is no such service."))
    if service.status == ServiceStatus.ENDED:
        raise AlreadyEndedError(gettext("This service has ended already."))
    return service


def _refuse_bad_price(price_minor: int | None) -> None:
    if price_minor is not None and price_minor < 0:
        raise BadRecordError(gettext("A price cannot be below zero."))
