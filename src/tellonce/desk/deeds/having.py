"""Deeds about what a customer has: services, devices, places."""

from decimal import Decimal

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.desk.deeds.base import DeedForm, OnceForm, Words, day
from tellonce.kernel.money import exponent, major_units, minor_units
from tellonce.modules.record import actions
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import (
    CustomerCard,
    DeviceKind,
    NotOfRecordError,
    ServiceKind,
    ServiceOnCard,
    ServiceStatus,
)


def minor_of(value: Decimal | None, currency: str) -> int | None:
    """An amount in the currency's smallest unit."""
    return None if value is None else minor_units(value, currency)


def major_of(value: int | None, currency: str) -> Decimal | None:
    """An amount as it is typed."""
    return None if value is None else major_units(value, currency)


def use_decimals_of(form: forms.Form, currency: str) -> None:
    """Prices are typed with as many decimals as the currency has: none for yen, three for dinars."""
    for name in ("price", "price_after"):
        decimals = exponent(currency)
        form.fields[name] = _price(
            label=form.fields[name].label or "", required=form.fields[name].required, decimals=decimals
        )


def _price(*, label: Words, required: bool = False, decimals: int = 2) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, decimal_places=decimals, max_digits=10, required=required)


def _not_theirs() -> NotOfRecordError:
    return NotOfRecordError(gettext("This customer has no such thing."))


class AddService(DeedForm):
    """A plan that they have, or ordered."""

    name = "add-service"
    title = _("Add a service")
    button = _("Add")

    kind = forms.ChoiceField(label=_("Kind"), choices=ServiceKind.choices)
    plan = forms.CharField(label=_("Plan"), max_length=120)
    price = _price(label=_("Price a month"))
    promotion_ends_on = day(label=_("Promotion ends"), required=False)
    price_after = _price(label=_("Price after the promotion"))
    status = forms.ChoiceField(label=_("Status"), choices=ServiceStatus.choices[:-1], initial=ServiceStatus.ACTIVE)
    since = day(label=_("Since"), required=False)

    def prepare(self) -> None:
        """Prices in our currency."""
        use_decimals_of(self, settings.SETUP.currency)

    def do(self) -> str:
        """Adds it."""
        values = self.cleaned_data
        actions.add_service(
            customer_id=self.place.customer_id,
            kind=values["kind"],
            plan=values["plan"],
            price_minor=minor_of(values["price"], settings.SETUP.currency),
            currency=settings.SETUP.currency,
            promotion_ends_on=values["promotion_ends_on"],
            price_after_minor=minor_of(values["price_after"], settings.SETUP.currency),
            status=values["status"],
            since=values["since"],
            by=self.place.by,
            at=self.place.at,
        )
        return gettext("Added.")


class _OfService(DeedForm):
    def prepare(self) -> None:
        """Only a service of this customer."""
        services = record.card(self.place.customer_id, at=self.place.at).services
        found = next((each for each in services if each.id == self.place.thing_id and not each.is_ended), None)
        if found is None:
            raise _not_theirs()
        self.service: ServiceOnCard = found
        self.about = found.plan


class ChangeService(_OfService):
    """Another plan, price or promotion."""

    name = "change-service"
    title = _("Change the service")
    button = _("Keep")

    plan = forms.CharField(label=_("Plan"), max_length=120)
    price = _price(label=_("Price a month"))
    promotion_ends_on = day(label=_("Promotion ends"), required=False)
    price_after = _price(label=_("Price after the promotion"))
    status = forms.ChoiceField(label=_("Status"), choices=ServiceStatus.choices[:-1])
    words = forms.CharField(label=_("Why"), max_length=300, required=False)

    def prepare(self) -> None:
        """As it is."""
        super().prepare()
        now = self.service
        use_decimals_of(self, now.currency)
        self.initial.update(
            plan=now.plan,
            price=major_of(now.price_minor, now.currency),
            price_after=major_of(now.price_after_minor, now.currency),
            promotion_ends_on=now.promotion_ends_on,
            status=now.status,
        )

    def do(self) -> str:
        """Changes it."""
        values = self.cleaned_data
        actions.change_service(
            service_id=self.service.id,
            plan=values["plan"],
            price_minor=minor_of(values["price"], self.service.currency),
            price_after_minor=minor_of(values["price_after"], self.service.currency),
            promotion_ends_on=values["promotion_ends_on"],
            status=values["status"],
            words=values["words"],
            by=self.place.by,
            at=self.place.at,
        )
        return gettext("Changed; the story holds what it was.")


class EndService(_OfService):
    """They have it no longer."""

    name = "end-service"
    title = _("End the service")
    button = _("End it")

    until = day(label=_("Until"), required=False)
    reason = forms.CharField(label=_("Why"), max_length=300, required=False)

    def do(self) -> str:
        """Ends it."""
        values = self.cleaned_data
        actions.end_service(
            service_id=self.service.id,
            until=values["until"],
            reason=values["reason"],
            by=self.place.by,
            at=self.place.at,
        )
        return gettext("The service has ended.")


class AddDevice(DeedForm):
    """A modem, box or anything else, ours or anyone's."""

    name = "add-device"
    title = _("Add a device")
    button = _("Add")

    kind = forms.ChoiceField(label=_("Kind"), choices=DeviceKind.choices)
    maker = forms.CharField(label=_("Maker"), max_length=80, required=False)
    model = forms.CharField(label=_("Model"), max_length=120, required=False)
    serial = forms.CharField(label=_("Serial number"), max_length=80, required=False)
    mac = forms.CharField(label=_("MAC"), max_length=17, required=False)
    is_ours = forms.BooleanField(label=_("It is ours"), required=False, initial=True)

    def do(self) -> str:
        """Adds it."""
        actions.add_device(customer_id=self.place.customer_id, **self.cleaned_data, by=self.place.by, at=self.place.at)
        return gettext("Added.")


class EndDevice(OnceForm):
    """They have it no longer."""

    name = "end-device"
    title = _("No longer there")
    button = _("It is no longer there")

    def do(self) -> str:
        """Ends it, if it is theirs."""
        devices = record.card(self.place.customer_id, at=self.place.at).devices
        found = next((each for each in devices if each.id == self.place.thing_id), None)
        if found is None:
            raise _not_theirs()
        actions.end_device(device_id=found.id, by=self.place.by, at=self.place.at)
        return gettext("The device is gone; the story keeps it.")


class MoveIn(DeedForm):
    """A place where service is delivered."""

    name = "move-in"
    title = _("Add a place")
    button = _("Add")

    line = forms.CharField(label=_("Street and number"), max_length=200)
    unit = forms.CharField(label=_("Unit"), max_length=60, required=False)
    town = forms.CharField(label=_("Town"), max_length=120, required=False)
    state = forms.CharField(label=_("State"), max_length=60, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)
    since = day(label=_("Since"), required=False)

    def prepare(self) -> None:
        """Areas by name."""
        areas = [(str(area.pk), f"{area.name} · {area.get_kind_display()}") for area in record.areas()]
        self.fields["area"].choices = [("", gettext("Not known")), *areas]  # type: ignore[attr-defined]

    def do(self) -> str:
        """Adds the place and moves them in."""
        values = self.cleaned_data
        premise = actions.add_premise(
            **{name: values[name] for name in ("line", "unit", "town", "state", "postcode")},
            country=settings.SETUP.country,
            area_id=int(values["area"]) if values["area"] else None,
        )
        actions.move_in(
            customer_id=self.place.customer_id,
            premise_id=premise.pk,
            since=values["since"],
            by=self.place.by,
            at=self.place.at,
        )
        return gettext("Added. It becomes an address of record in 30 days.")


class MoveOut(OnceForm):
    """They live there no longer."""

    name = "move-out"
    title = _("They moved out")
    button = _("They moved out")

    def do(self) -> str:
        """Ends the stay."""
        card: CustomerCard = record.card(self.place.customer_id, at=self.place.at)
        if self.place.thing_id not in {each.id for each in card.premises}:
            raise _not_theirs()
        actions.move_out(
            customer_id=self.place.customer_id,
            premise_id=self.place.thing_id or 0,
            by=self.place.by,
            at=self.place.at,
        )
        return gettext("They moved out; the story keeps the place.")


HAVING_DEEDS: tuple[type[DeedForm], ...] = (
    AddService, ChangeService, EndService, AddDevice, EndDevice, MoveIn, MoveOut,
)  # fmt: skip
