"""The form by which a dispute is decided, line by line where only part of it is right, and what is watched then."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.kernel.money import exponent, major_units, minor_units
from tellonce.modules.billing.contracts import DisputeState, WatchRule
from tellonce.modules.billing.models import Dispute
from tellonce.modules.billing.queries.pages_disputes import DisputedLine, DisputeRead
from tellonce.modules.billing.queries.rules import Thing, things_of
from tellonce.modules.billing.web.watching import RuleForm, RuleShown, offer_of, shown

_VERDICTS = (
    (DisputeState.UPHELD.value, _("Upheld: all of it was wrong")),
    (DisputeState.PARTLY.value, _("Partly: some of it was wrong")),
    (DisputeState.NOT_UPHELD.value, _("Not upheld: the charge is right")),
)


class DecideForm(forms.Form):
    """How it is decided, why, for a part what of each line was wrong, and what is watched for."""

    verdict = forms.ChoiceField(label=_("Decision"), choices=_VERDICTS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "true"}),
        help_text=_("The customer reads this."),
    )

    def __init__(
        self, read: DisputeRead, services: Mapping[int, str], data: Any = None, *, is_look: bool = False
    ) -> None:
        """`data` is what was sent, None for a fresh form; `is_look`: only to see what would be watched."""
        super().__init__(data)
        self.read = read
        for line in read.lines:
            self.fields[_name(line)] = _amount(line, read.row.currency)
        for name in ("verdict", "reason") if is_look else ():
            self.fields[name].required = False
        dispute = Dispute.objects.get(pk=read.row.id)
        self.dispute, self._forms = dispute, dict[int, RuleForm]()
        for thing in things_of(dispute, granted={line.id: line.asked_minor for line in read.lines}):
            self._forms |= dict.fromkeys((line.pk for line in thing.lines), self._form_for(thing, services, data))

    def clean(self) -> dict[str, Any]:
        """What was lowered is not upheld as a whole; what is watched for can be found."""
        said = self.cleaned_data
        if said.get("verdict") == DisputeState.UPHELD:
            for line in self.read.lines:
                wrong = said.get(_name(line))
                if wrong is not None and minor_units(wrong, self.read.row.currency) != line.asked_minor:
                    self.add_error(_name(line), gettext("This is a part: choose Partly, or put the whole amount back."))
        if said.get("verdict") != DisputeState.NOT_UPHELD and not self._can_be_watched():
            self.add_error(None, gettext("See below what is to be watched for."))
        return said

    def with_lines(self) -> list[tuple[DisputedLine, forms.BoundField]]:
        """Each line with its field."""
        return [(line, self[_name(line)]) for line in self.read.lines]

    def granted(self) -> dict[int, int]:
        """What of each line was wrong, in minor units, by the line's id."""
        currency = self.read.row.currency
        return {
            line.id: minor_units(self.cleaned_data[_name(line)] or Decimal(0), currency) for line in self.read.lines
        }

    def rules(self) -> dict[int, WatchRule]:
        """What is watched for, by a line of each thing that was wrong."""
        if self.cleaned_data["verdict"] == DisputeState.NOT_UPHELD:
            return {}
        return {thing.lines[0].pk: self._rule(thing) for thing in self._things() if self._form_of(thing).is_bound}

    def watching(self) -> list[RuleShown]:
        """What would be watched as the form stands, each thing with its own form."""
        things = {self._form_of(thing).name: thing for thing in self._things()}
        forms_once = {form.name: form for form in self._forms.values()}
        return [self._shown(form, things.get(name)) for name, form in forms_once.items()]

    def _shown(self, form: RuleForm, thing: Thing | None) -> RuleShown:
        if thing is None or (form.is_bound and not form.is_valid()):
            return RuleShown(form)
        rule = self._rule(thing) if form.is_bound else thing.rule()
        return shown(form, rule, account_id=self.dispute.account_id, customer_id=self.read.row.customer_id)

    def _rule(self, thing: Thing) -> WatchRule:
        return thing.complete(self._form_of(thing).rule(thing.rule()))

    def _form_of(self, thing: Thing) -> RuleForm:
        return self._forms[thing.lines[0].pk]

    def _things(self) -> list[Thing]:
        """What was wrong as the form stands: all that is asked for, until it says how much of each line."""
        said = self.cleaned_data if self.is_bound else {}
        is_partly = said.get("verdict") == DisputeState.PARTLY
        asked = {line.id: line.asked_minor for line in self.read.lines}
        known = {line.id: said[_name(line)] for line in self.read.lines if is_partly and _name(line) in said}
        wrong = {pk: minor_units(amount or Decimal(0), self.read.row.currency) for pk, amount in known.items()}
        return things_of(self.dispute, granted=asked | wrong)

    def _can_be_watched(self) -> bool:
        for thing in self._things():
            form = self._form_of(thing)
            if form.is_valid():
                form.refuse_bad(self._rule(thing), charges=thing.charges, right_minor=thing.right_minor)
        return not any(form.errors for form in self._forms.values())

    def _form_for(self, thing: Thing, services: Mapping[int, str], data: Any) -> RuleForm:
        line, charge = thing.lines[0], next(iter(thing.charges), None)
        offer = offer_of(charge, code=line.code, currency=self.read.row.currency, services=services)
        sent = data if data is not None and f"watch-{line.pk}-amount" in data else None
        what = line.words or line.code
        return RuleForm(offer, thing.rule(), sent, prefix=f"watch-{line.pk}", what=what, follows=True)


class WithdrawForm(forms.Form):
    """Why the customer takes it back."""

    reason = forms.CharField(label=_("What they said"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 2}))


def _amount(line: DisputedLine, currency: str) -> forms.DecimalField:
    """How much of the line was wrong."""
    return forms.DecimalField(
        label=gettext("Wrong in %(what)s") % {"what": line.words or line.code},
        required=False,
        min_value=0,
        max_value=major_units(line.asked_minor, currency),
        max_digits=12,
        decimal_places=exponent(currency),
        initial=major_units(line.asked_minor, currency),
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )


def _name(line: DisputedLine) -> str:
    return f"line-{line.id}"
