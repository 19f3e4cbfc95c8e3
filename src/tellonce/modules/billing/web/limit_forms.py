"""Forms of what may be credited alone, by a second person, and by rule; amounts of one currency."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tellonce.kernel.money import exponent, major_units, minor_units
from tellonce.modules.billing.contracts import CreditReason
from tellonce.modules.billing.contracts.limits import Limits, Rule
from tellonce.modules.billing.queries.limits import LimitLine, RuleLine

_MOST_MINUTES = 43_200  # thirty days
_OF_TIME = (CreditReason.OUTAGE,)


def _amount(label: str, minor: int, currency: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=exponent(currency),
        initial=major_units(minor, currency),
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )


class LimitsForm(forms.Form):
    """Three amounts for each role and permission set."""

    def __init__(self, lines: list[LimitLine], *, currency: str, data: Any = None) -> None:
        """`data` is what was sent, None for a fresh form."""
        super().__init__(data)
        self.lines, self.currency = lines, currency
        for line in lines:
            limits = line.limits
            for name, minor in zip(
                _AMOUNTS, (limits.alone_minor, limits.second_minor, limits.together_minor), strict=True
            ):
                self.fields[f"{line.who}-{name}"] = _amount(f"{line.label}: {_AMOUNTS[name]}", minor, currency)

    def rows(self) -> list[tuple[LimitLine, forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Each role with its three fields."""
        return [(line, *(self[f"{line.who}-{name}"] for name in _AMOUNTS)) for line in self.lines]  # type: ignore[misc]

    def changed(self) -> list[tuple[str, Limits]]:
        """Who has other limits than before."""
        said = [(line, Limits(*(self._minor(line, name) for name in _AMOUNTS))) for line in self.lines]
        return [(line.who, limits) for line, limits in said if limits != line.limits]

    def _minor(self, line: LimitLine, name: str) -> int:
        return minor_units(self.cleaned_data[f"{line.who}-{name}"], self.currency)


class RulesForm(forms.Form):
    """For each rule whether it is in force, from how long on, how much each time, and how much without a person."""

    def __init__(self, lines: list[RuleLine], *, currency: str, data: Any = None) -> None:
        """`data` is what was sent, None for a fresh form."""
        super().__init__(data)
        self.lines, self.currency = lines, currency
        for line in lines:
            for name, field in self._fields_of(line):
                self.fields[f"{line.reason}-{name}"] = field

    def _fields_of(self, line: RuleLine) -> Iterator[tuple[str, forms.Field]]:
        rule, label = line.rule, line.label
        yield "on", forms.BooleanField(label=f"{label}: {_ON}", required=False, initial=rule.is_on)
        if line.reason in _OF_TIME:
            minutes = forms.IntegerField(
                label=f"{label}: {_MINUTES}", min_value=0, max_value=_MOST_MINUTES, initial=rule.from_minutes
            )
            yield "minutes", minutes
        else:
            yield "flat", _amount(f"{label}: {_FLAT}", rule.flat_minor, self.currency)
        yield "granted", _amount(f"{label}: {_GRANTED}", rule.granted_minor, self.currency)

    def rows(self) -> list[tuple[RuleLine, dict[str, forms.BoundField]]]:
        """Each rule with its fields by name; a rule about time has minutes, another an amount."""
        names = ("on", "minutes", "flat", "granted")
        return [
            (line, {name: self[key] for name in names if (key := f"{line.reason}-{name}") in self.fields})
            for line in self.lines
        ]

    def changed(self) -> list[tuple[str, Rule]]:
        """The rules that are others than before."""
        said = [(line, self._said(line)) for line in self.lines]
        return [(line.reason, rule) for line, rule in said if rule != line.rule]

    def _said(self, line: RuleLine) -> Rule:
        said = {name: self.cleaned_data.get(f"{line.reason}-{name}") for name in ("on", "minutes", "flat", "granted")}
        flat, granted = (minor_units(said[name] or Decimal(0), self.currency) for name in ("flat", "granted"))
        return Rule(bool(said["on"]), said["minutes"] or 0, flat, granted)


_AMOUNTS = {
    "alone": _("alone"),
    "second": _("as the second person"),
    "together": _("in all, in a correction for everybody"),
}
_ON, _MINUTES = _("in force"), _("from so many minutes on")
_FLAT, _GRANTED = _("each time"), _("without a person up to")
