"""Rows of a file to customers, by a mapping."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from tellonce.intake.mapping.compiling import Header
from tellonce.intake.mapping.model import EveryService, Mapping, PremisePart
from tellonce.intake.mapping.parts import Fields, TakePart, Unfit, compile_facts, compile_part
from tellonce.intake.mapping.transforms import UnfitError
from tellonce.modules.record.contracts import (
    AreaKind,
    NewAccount,
    NewCustomer,
    NewDevice,
    NewFlag,
    NewPerson,
    NewPremise,
    NewService,
)


@dataclass(frozen=True, slots=True)
class AreaSeen:
    """An area that a row names, with the code of the one above it."""

    kind: AreaKind
    name: str
    code: str
    parent_code: str


@dataclass(slots=True)
class CustomerShape:
    """Makes a customer of a row; collects the areas that the rows name, for the loader to make."""

    mapping: Mapping
    header: Header
    areas: dict[str, AreaSeen] = field(default_factory=dict)
    _whole: TakePart = field(init=False)
    _facts: TakePart = field(init=False)
    _lists: dict[str, list[TakePart]] = field(init=False)
    _every_service: TakePart = field(init=False)
    _premises: list[Callable[[Sequence[str], Unfit], NewPremise | None]] = field(init=False)
    _knows_left: bool = field(init=False)

    def __post_init__(self) -> None:
        mapping, header = self.mapping, self.header
        assert mapping.customer is not None
        self._whole = compile_part(mapping.customer, header)
        self._facts = compile_facts(mapping.facts, header)
        self._lists = {
            name: [compile_part(part, header) for part in getattr(mapping, name)]
            for name in ("account", "person", "point", "service", "device", "flag")
        }
        self._every_service = compile_part(mapping.every_service or EveryService(), header)
        self._premises = [self._premise(part) for part in mapping.premise]
        self._knows_left = mapping.customer.left_on is not None

    def __call__(self, row: Sequence[str], unfit: Unfit) -> NewCustomer | None:
        """The customer of this row; None, with what does not fit collected, where it cannot be made."""
        fields = self._whole(row, unfit) or {}
        language = fields.pop("language", "")
        points = self._of("point", row, unfit)
        premises = [premise for take in self._premises if (premise := take(row, unfit)) is not None]
        common = self._every_service(row, unfit) or {}
        services = [
            _service(common | part, self.header.currency, unfit) for part in self._of("service", row, unfit, "plan")
        ]
        parts: dict[str, Any] = {
            "accounts": tuple(
                NewAccount(currency=self.header.currency, **part) for part in self._of("account", row, unfit, "number")
            ),
            "people": tuple(_person(part) for part in self._of("person", row, unfit, "name")),
            "phones": tuple(part["phone"] for part in points if "phone" in part),
            "mails": tuple(part["mail"] for part in points if "mail" in part),
            "premises": tuple(premises),
            "services": tuple(services),
            "devices": tuple(NewDevice(**part) for part in self._of("device", row, unfit, "model", "serial", "mac")),
            "flags": tuple(NewFlag(**part) for part in self._of("flag", row, unfit, "reason")),
            "facts": self._facts(row, unfit) or {},
        }
        _in_order(fields, "since", "left_on", unfit)
        if unfit:
            return None
        return NewCustomer(
            source=self.mapping.source,
            languages=(language,) if language else (),
            knows_left=self._knows_left,
            **fields,
            **parts,
        )

    def _of(self, name: str, row: Sequence[str], unfit: Unfit, *any_of: str) -> list[Fields]:
        taken = (take(row, unfit) for take in self._lists[name])
        return [part for part in taken if part and (not any_of or any(key in part for key in any_of))]

    def _premise(self, part: PremisePart) -> Callable[[Sequence[str], Unfit], NewPremise | None]:
        take = compile_part(part, self.header)
        steps = [(step.kind, compile_part(step, self.header)) for step in part.areas]

        def premise(row: Sequence[str], unfit: Unfit) -> NewPremise | None:
            fields = take(row, unfit)
            if not fields or not fields.keys() & {"line", "unit", "town", "state", "postcode", "area_code"}:
                return None
            _in_order(fields, "since", "until", unfit)
            area_code = fields.pop("area_code", "")
            for kind, take_step in steps:
                step = take_step(row, unfit)
                if not step or "name" not in step or "code" not in step:
                    break
                self.areas.setdefault(step["code"], AreaSeen(kind, step["name"], step["code"], area_code))
                area_code = step["code"]
            fields.setdefault("country", self.header.country)
            return NewPremise(**fields, area_code=area_code)

        return premise


def _person(part: Fields) -> NewPerson:
    phones = tuple(part[key] for key in ("phone", "second_phone") if key in part)
    mails = (part["mail"],) if "mail" in part else ()
    plain = {key: value for key, value in part.items() if key not in {"phone", "second_phone", "mail"}}
    return NewPerson(phones=tuple(dict.fromkeys(phones)), mails=mails, **plain)


def _service(part: Fields, currency: str, unfit: Unfit) -> NewService:
    _in_order(part, "since", "until", unfit)
    renamed = {"price": "price_minor", "price_after": "price_after_minor"}
    return NewService(currency=currency, **{renamed.get(key, key): value for key, value in part.items()})


def _in_order(fields: Fields, first: str, then: str, unfit: Unfit) -> None:
    if first in fields and then in fields and fields[then] < fields[first]:
        unfit.append(
            UnfitError(
                _("It would end before it begins."),
                _("Correct one of the two dates."),
                column=f"{first} / {then}",
                value=f"{fields[first]} / {fields[then]}",
            )
        )
