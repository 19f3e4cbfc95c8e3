"""Forms of the pages of bills."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.kernel.money import Money, exponent, minor_units
from tellonce.modules.billing.actions import CauseRule
from tellonce.modules.billing.queries.causes import SuspectedCause
from tellonce.modules.staff import queries as staff


def _sentences(
    label: Any, *, required: bool = True, rows: int = 3, help_text: Any = "", most: int = 2_000
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "true"})
    return forms.CharField(label=label, required=required, widget=widget, help_text=help_text, max_length=most)


class RefuseForm(forms.Form):
    """Why something is not done."""

    why = _sentences(_("Why not"), rows=2, most=300)


class CancelForm(forms.Form):
    """Why a granted credit is not given after all."""

    why = _sentences(_("Why it was a mistake"), rows=2, most=300)


class PayOutForm(forms.Form):
    """How a credit was given where no bill can bring it."""

    how = _sentences(
        _("How it was paid out"), rows=2, most=300, help_text=_("The customer reads this: a transfer, a cheque, when.")
    )


class ConfirmForm(forms.Form):
    """What was seen when a finding was looked at."""

    note = _sentences(_("What you saw"), required=False, rows=2)


class DismissForm(forms.Form):
    """Why a finding is no error."""

    why = _sentences(_("Why it is no error"), rows=2, most=300)


class OwnCauseForm(forms.Form):
    """Who finds out and mends, and what is known."""

    title = forms.CharField(label=_("What went wrong, in a few words"), max_length=200)
    owner = forms.TypedChoiceField(label=_("Who finds out and mends it"), coerce=int, required=False, empty_value=None)
    words = _sentences(_("How it came about"), required=False, rows=4)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.TypedChoiceField)
        people = [
            (person.pk, person.name) for person in staff.people() if person.is_active and person.partner_id is None
        ]
        owner.choices = [("", _("Nobody yet")), *people]


class NewCauseForm(OwnCauseForm):
    """A cause for disputes that have something in common."""

    everywhere = forms.BooleanField(label=_("Look for it everywhere, not only in this area"), required=False)
    only_this_much = forms.BooleanField(required=False)
    wrong = forms.DecimalField(
        label=_("Wrong in each line"), required=False, min_value=Decimal(0), max_digits=12,
        help_text=_("Without tax. Empty: the whole line is wrong."),
    )  # fmt: skip

    def __init__(self, *args: Any, alike: SuspectedCause, **more: Any) -> None:
        super().__init__(*args, **more)
        self.alike = alike
        if not alike.area:
            del self.fields["everywhere"]
        amount = Money(alike.amount_minor or 0, alike.currency)
        words = gettext("Only lines of exactly %(amount)s without tax")
        self.fields["only_this_much"].label = words % {"amount": f"{amount} {alike.currency}"}
        if alike.amount_minor is None:
            del self.fields["only_this_much"]

    def rule(self) -> CauseRule:
        """Which lines are wrong, as the form says."""
        said, alike = self.cleaned_data, self.alike
        amount = alike.amount_minor if said.get("only_this_much") else None
        return CauseRule(
            code=alike.code,
            first_on=alike.first_on,
            currency=alike.currency,
            product=alike.product,
            area_id=None if said.get("everywhere") else alike.area_id,
            amount_from_minor=amount,
            amount_until_minor=amount,
            wrong_minor=minor_units(said["wrong"], alike.currency) if said["wrong"] else None,
            price_changed_on=alike.price_changed_on,
        )

    def clean(self) -> dict[str, Any]:
        """What is wrong of a line is less than the line, and said of lines of one amount only."""
        said = self.cleaned_data
        if wrong := said.get("wrong"):
            if not said.get("only_this_much"):
                text = gettext("A part is wrong of lines of one amount: say here that only those are meant.")
                self.add_error("only_this_much" if "only_this_much" in self.fields else "wrong", text)
            elif minor_units(wrong, self.alike.currency) >= (self.alike.amount_minor or 0):
                self.add_error("wrong", gettext("This is the whole line or more; leave it empty."))
        return said

    def clean_wrong(self) -> Decimal | None:
        """With as many decimals as the currency has."""
        wrong: Decimal | None = self.cleaned_data["wrong"]
        if wrong is not None and wrong.as_tuple().exponent < -exponent(self.alike.currency):  # type: ignore[operator]
            raise forms.ValidationError(gettext("This currency has no such small amounts."))
        return wrong


class CorrectForm(forms.Form):
    """What customers are told when all are corrected."""

    words = _sentences(
        _("What customers are told"), rows=4, help_text=_("Each of them reads this, with their own amount below it.")
    )
