"""The form that says what is watched for, in parts that may be left out, and what that would have met so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.kernel.money import exponent, major_units, minor_units
from tellonce.modules.billing.contracts import BadWatchError, WatchRule
from tellonce.modules.billing.models import Charge, Watch
from tellonce.modules.billing.queries.fitting import Met, would_meet
from tellonce.modules.billing.queries.pages_fixes import Watched
from tellonce.modules.billing.queries.rules import refuse_bad, right_of, rule_to_be, wrong_lines

_AS_WRONG, _ANY, _EXACTLY, _MOST, _LEAST, _BETWEEN = "wrong", "any", "exactly", "most", "least", "between"
_PARTS = ("code", "product", "service", "device")
_AMOUNTS = (
    (_ANY, _("Any amount")),
    (_EXACTLY, _("Exactly")),
    (_MOST, _("At most")),
    (_LEAST, _("At least")),
    (_BETWEEN, _("Between")),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a rule may name of the lines that were wrong."""

    code: str
    product: str
    service_id: int | None
    service: str
    device_serial: str
    currency: str


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A rule as a page shows it: its form, itself in words, and what it would have met; nothing where it cannot be."""

    form: "RuleForm"
    words: str = ""
    met: Met | None = None


class RuleForm(forms.Form):
    """Which parts of the line must be the same, which amount, and which words."""

    code = forms.BooleanField(required=False)
    product = forms.BooleanField(required=False)
    service = forms.BooleanField(required=False)
    device = forms.BooleanField(required=False)
    amount = forms.ChoiceField(label=_("Amount without tax"), choices=_AMOUNTS)
    low = forms.DecimalField(label=_("Amount"), required=False, min_value=0, max_digits=12)
    high = forms.DecimalField(label=_("Highest amount"), required=False, min_value=0, max_digits=12)
    pattern = forms.CharField(
        label=_("Words on the line"),
        required=False,
        max_length=120,
        help_text=_("The whole text of the line; * stands for anything, as in *rental*."),
    )

    def __init__(
        self, offer: Offer, rule: WatchRule, data: Any = None, *, prefix: str, what: str, follows: bool = False
    ) -> None:
        """`rule` is what is chosen at first; `follows`: its amount is whatever is found to be wrong."""
        super().__init__(data, prefix=prefix, initial=_initial(offer, rule, follows=follows))
        self.offer, self.what = offer, what
        for name, label in _parts(offer).items():
            self.fields[name].label = label
            if not label:
                del self.fields[name]
        for name in ("low", "high"):
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "step": "any"}
        if follows:
            self.fields["amount"].choices = [(_AS_WRONG, _("Whatever was wrong")), *_AMOUNTS]  # type: ignore[attr-defined]

    @property
    def name(self) -> str:
        """What tells it from others on the page."""
        return str(self.prefix)

    def parts(self) -> list[forms.BoundField]:
        """The parts of the line that may be named."""
        return [self[name] for name in _PARTS if name in self.fields]

    def amounts(self) -> list[forms.BoundField]:
        """The amount, or the lowest and the highest."""
        return [self["low"], self["high"]]

    def clean(self) -> dict[str, Any]:
        """An amount is said where it is asked for, in money that there is."""
        said = self.cleaned_data
        wanted = {_EXACTLY: ("low",), _MOST: ("low",), _LEAST: ("low",), _BETWEEN: ("low", "high")}
        for name in wanted.get(said.get("amount", ""), ()):
            amount: Decimal | None = said.get(name)
            if amount is None and name not in self.errors:
                self.add_error(name, gettext("Write the amount."))
            elif amount is not None and -amount.as_tuple().exponent > exponent(self.offer.currency):  # type: ignore[operator]
                self.add_error(name, gettext("This currency has no such small amounts."))
        return said

    def rule(self, as_wrong: WatchRule) -> WatchRule:
        """What is chosen; `as_wrong` has the amounts of what was found to be wrong."""
        said, offer = self.cleaned_data, self.offer
        low, high = self._amounts(as_wrong)
        return WatchRule(
            code=offer.code if said.get("code") else "",
            product=offer.product if said.get("product") else "",
            service_id=offer.service_id if said.get("service") else None,
            device_serial=offer.device_serial if said.get("device") else "",
            amount_from_minor=low,
            amount_until_minor=high,
            pattern=said["pattern"].strip(),
        )

    def refuse_bad(self, rule: WatchRule, *, charges: Sequence[Charge], right_minor: int) -> None:
        """Says in the form why a rule cannot be."""
        try:
            refuse_bad(rule, charges=charges, right_minor=right_minor, currency=self.offer.currency)
        except BadWatchError as error:
            self.add_error(None, str(error))

    def _amounts(self, as_wrong: WatchRule) -> tuple[int | None, int | None]:
        said, currency = self.cleaned_data, self.offer.currency
        low, high = (None if said[name] is None else minor_units(said[name], currency) for name in ("low", "high"))
        match said["amount"]:
            case "wrong":
                return as_wrong.amount_from_minor, as_wrong.amount_until_minor
            case "exactly":
                return low, low
            case "most":
                return None, low
            case "least":
                return low, None
            case "between":
                return low, high
            case _:
                return None, None


def shown(form: RuleForm, rule: WatchRule, *, account_id: int, customer_id: int) -> RuleShown:
    """The rule in words, with what it would have met on the bills of the account so far."""
    offer = form.offer
    words = rule.in_words(offer.currency, services={offer.service_id or 0: offer.service})
    return RuleShown(form, words, would_meet(rule, account_id=account_id, customer_id=customer_id))


def offer_of(charge: Charge | None, *, code: str, currency: str, services: Mapping[int, str]) -> Offer:
    """What a line has to be named by; `services` are the names of the customer's services."""
    if charge is None:
        return Offer(code, "", None, "", "", currency)
    service = "" if charge.service_id is None else services.get(charge.service_id, str(charge.service_id))
    return Offer(charge.code, charge.product, charge.service_id, service, charge.device_serial, currency)


def offer_of_watch(watch: Watch, *, services: Mapping[int, str]) -> Offer:
    """What a watch names, and what else the lines have that were wrong."""
    charge = next(iter(wrong_lines(watch)), None)
    of_line = offer_of(charge, code=watch.code, currency=watch.currency, services=services)
    service_id = watch.service_id or of_line.service_id
    return Offer(
        code=watch.code or of_line.code,
        product=watch.product or of_line.product,
        service_id=service_id,
        service="" if service_id is None else services.get(service_id, str(service_id)),
        device_serial=watch.device_serial or of_line.device_serial,
        currency=watch.currency,
    )


class ChangeWatchForm(forms.Form):
    """Why something else is watched for from now on."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "true"}),
        help_text=_("It stands in the story, for colleagues."),
    )

    def __init__(
        self, watch: Watch, row: Watched, services: Mapping[int, str], data: Any = None, *, is_look: bool = False
    ) -> None:
        """`data` is what was sent, None for a fresh form; `is_look`: only to see what would be watched."""
        super().__init__(data)
        self.fields["reason"].required = not is_look
        self.watch, self.row = watch, row
        offer = offer_of_watch(watch, services=services)
        self.rule_form = RuleForm(offer, row.rule, data, prefix="watch", what=row.what)

    def clean(self) -> dict[str, Any]:
        """What is watched for can be found."""
        form = self.rule_form
        if form.is_valid():
            form.refuse_bad(self.rule(), charges=wrong_lines(self.watch), right_minor=right_of(self.watch))
        if form.errors:
            self.add_error(None, gettext("See below what is to be watched for."))
        return self.cleaned_data

    def rule(self) -> WatchRule:
        """What is chosen."""
        return rule_to_be(self.watch, self.rule_form.rule(self.row.rule))

    def watching(self) -> list[RuleShown]:
        """What would be watched as the form stands."""
        form = self.rule_form
        if form.is_bound and not form.is_valid():
            return [RuleShown(form)]
        rule = self.rule() if form.is_bound else self.row.rule
        return [shown(form, rule, account_id=self.watch.account_id, customer_id=self.row.customer_id)]


def _parts(offer: Offer) -> dict[str, str]:
    return {
        "code": offer.code and gettext("Charge code %(what)s") % {"what": offer.code},
        "product": offer.product and gettext("Product %(what)s") % {"what": offer.product},
        "service": offer.service and gettext("Service %(what)s") % {"what": offer.service},
        "device": offer.device_serial and gettext("Device %(what)s") % {"what": offer.device_serial},
    }


def _initial(offer: Offer, rule: WatchRule, *, follows: bool) -> dict[str, Any]:
    low, high = rule.amount_from_minor, rule.amount_until_minor
    kind = _AS_WRONG if follows else _kind_of(low, high)
    first, second = (high, None) if kind == _MOST else (low, high if kind == _BETWEEN else None)
    amounts = {"low": first, "high": second} if kind != _AS_WRONG else {}
    return {
        "code": bool(rule.code),
        "product": bool(rule.product),
        "service": rule.service_id is not None,
        "device": bool(rule.device_serial),
        "amount": kind,
        "pattern": rule.pattern,
    } | {name: None if minor is None else major_units(minor, offer.currency) for name, minor in amounts.items()}


def _kind_of(low: int | None, high: int | None) -> str:
    if low is None:
        return _ANY if high is None else _MOST
    if high is None:
        return _LEAST
    return _EXACTLY if low == high else _BETWEEN
