"""Deeds about bills: a line is disputed, value is given."""

from decimal import Decimal
from html import unescape
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.desk.deeds.base import DeedForm, long_words
from tellonce.desk.suggesting import Suggested, suggested
from tellonce.kernel.money import Money, exponent, minor_units
from tellonce.modules.billing import actions
from tellonce.modules.billing.contracts import CreditState, RaisedBy, money
from tellonce.modules.billing.contracts.explained import BilledBill, BilledLine
from tellonce.modules.billing.queries.limits import given_lately, limits_of
from tellonce.modules.billing.queries.on_desk import bills_to_dispute
from tellonce.modules.billing.queries.waiting import credits_to_cancel
from tellonce.modules.care.contracts import CannotDoError
from tellonce.modules.record import queries as record

_MOST_BACK = 1_200  # a hundred years of months
_KEYS = 9
_LEAST = Decimal("0.001")


class _KeyedLines(forms.CheckboxSelectMultiple):
    """Lines that are chosen by the keys 1 to 9; the cursor starts on the one that is chosen already, or the first."""

    likely = ""

    def create_option(
        self, name: str, value: Any, label: Any, selected: Any, index: int, *args: Any, **more: Any
    ) -> Any:
        option = super().create_option(name, value, label, selected, index, *args, **more)
        if index < _KEYS:
            words = unescape(strip_tags(label)).partition(" ")[2]
            option["attrs"] |= {"data-key": str(index + 1), "data-key-label": words}
        if str(value) == self.likely or (index == 0 and not self.likely):
            option["attrs"]["autofocus"] = True
        return option


class DisputeLines(DeedForm):
    """Lines of a bill are wrong: the customer says so, or whoever serves them."""

    name = "dispute"
    title = _("Dispute a charge")
    button = _("Dispute it")

    lines = forms.MultipleChoiceField(
        label=_("Which lines are wrong"),
        widget=_KeyedLines,
        error_messages={"invalid_choice": _("A line that you chose is disputed already. Choose among those left.")},
    )
    words = long_words(label=_("What is wrong with it"), required=False, rows=2)
    amount = forms.DecimalField(
        label=_("Less than all of it"),
        required=False,
        min_value=_LEAST,
        max_digits=12,
        help_text=_("With tax, of the one line that you chose. Empty: all of it is wrong."),
    )
    raised_by = forms.ChoiceField(
        label=_("Who says so"),
        choices=[(RaisedBy.CUSTOMER.value, _("The customer")), (RaisedBy.STAFF.value, _("I do"))],
        widget=forms.RadioSelect,
        initial=RaisedBy.CUSTOMER.value,
    )

    def prepare(self) -> None:
        """The lines of the bill; `thing` is how many bills it is before the latest."""
        self.keep_draft("words")
        self.back = min(self.place.thing_id or 0, _MOST_BACK)
        who = record.identity(self.place.customer_id)
        self.bills = bills_to_dispute(who.accounts, back=self.back)
        self.about = ", ".join(_bill_words(each.bill) for each in self.bills) or gettext("There is no such bill.")
        chosen = [(each.bill, line) for each in self.bills for line in each.lines]
        choices = [(str(line.id), _line_words(bill, line, n)) for n, (bill, line) in enumerate(chosen, start=1)]
        self.fields["lines"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            self.fields["lines"].help_text = gettext("No line of it can be disputed.")
        else:
            self._choose(suggested(self.bills, accounts=who.accounts, chosen=self.place.chosen))
        earlier, later = (gettext("An earlier bill"), self.back + 1), (gettext("A later bill"), self.back - 1)
        offered = (*((earlier,) if self.bills else ()), *((later,) if self.back else ()))
        self.links = tuple((label, f"thing={back}") for label, back in offered)

    def _choose(self, line: Suggested | None) -> None:
        """The line that is most likely meant is chosen already, and Enter disputes it."""
        field = self.fields["lines"]
        field.help_text = gettext("Choose by number; Enter disputes what is chosen.")
        if line is not None:
            field.initial = [str(line.id)]
            field.widget.likely = str(line.id)
            field.help_text = gettext("%(why)s Chosen already: Enter disputes it.") % {"why": line.why}

    def do(self) -> str:
        """Disputes them."""
        ids = [UUID(each) for each in self.cleaned_data["lines"]]
        asked = self._asked(ids)
        dispute = actions.raise_dispute(
            customer_id=self.place.customer_id,
            lines=[actions.LineAsked(each, asked) for each in ids],
            words=self.cleaned_data["words"],
            by=self.place.by,
            at=self.place.at,
            raised_by=self.cleaned_data["raised_by"],
            contact_id=self.place.contact_id,
            case_id=self.place.case_id,
        )
        due = date_format(dispute.due_on, "MONTH_DAY_FORMAT")
        return gettext("Disputed; dunning is held, and it is decided by %(day)s.") % {"day": due}

    def _asked(self, ids: list[UUID]) -> int | None:
        amount: Decimal | None = self.cleaned_data["amount"]
        if amount is None:
            return None
        if len(ids) != 1:
            raise CannotDoError(gettext("Say a part only of one line; dispute the others by themselves."))
        bill = next(each.bill for each in self.bills if any(line.id == ids[0] for line in each.lines))
        return _minor(amount, bill.currency)


class GiveCredit(DeedForm):
    """Value is given on an account, within what the person may decide alone; above it a second person is asked."""

    name = "credit"
    title = _("Give a credit")
    button = _("Give it")

    amount = forms.DecimalField(label=_("How much"), min_value=_LEAST, max_digits=12)
    account = forms.TypedChoiceField(label=_("On which account"), coerce=int)
    words = forms.CharField(label=_("What for"), max_length=300)

    def prepare(self) -> None:
        """The customer's accounts, and what this person may give."""
        card = record.card(self.place.customer_id, at=self.place.at)
        accounts = [account for account in card.accounts if account.closed_on is None] or list(card.accounts)
        self.accounts = {account.id: account for account in accounts}
        self.fields["account"].choices = [(each.id, each.number) for each in accounts]  # type: ignore[attr-defined]
        currency = accounts[0].currency if accounts else settings.SETUP.currency
        self.fields["amount"].help_text = self._limit(accounts[0].id, currency) if accounts else ""
        self.fields["amount"].widget.attrs |= {"inputmode": "decimal", "autofocus": True}

    def _limit(self, account_id: int, currency: str) -> str:
        alone = limits_of(self.place.by, currency=currency).alone_minor
        given = given_lately(account_id=account_id, currency=currency, by=self.place.by, at=self.place.at)
        said = {"amount": Money(alone, currency), "currency": currency, "left": Money(max(alone - given, 0), currency)}
        if not given:
            words = gettext("You may give up to %(amount)s %(currency)s alone; above it a second person is asked.")
            return words % said
        words = gettext(
            "%(left)s of your %(amount)s %(currency)s are left on this account for now; above it a second person is"
            " asked."
        )
        return words % said

    def do(self) -> str:
        """Gives it, or asks for it."""
        account = self.accounts[self.cleaned_data["account"]]
        credit = actions.credit_account(
            customer_id=self.place.customer_id,
            account_id=account.id,
            amount_minor=_minor(self.cleaned_data["amount"], account.currency),
            by=self.place.by,
            at=self.place.at,
            words=self.cleaned_data["words"],
            case_id=self.place.case_id,
        )
        if credit.state == CreditState.ASKED:
            return gettext("Asked for: it is above your limit, and a second person decides.")
        return gettext("Given; it is due on the next bill, and watched until it is there.")


class CancelCredit(DeedForm):
    """A credit was a mistake: whoever granted it, or somebody above, takes it back before a bill brings it."""

    name = "cancel-credit"
    title = _("Cancel a credit")
    button = _("Cancel it")
    is_grave = True

    credit = forms.TypedChoiceField(label=_("Which credit"), coerce=int)
    why = forms.CharField(label=_("Why it was a mistake"), max_length=300)

    def prepare(self) -> None:
        """Those on their way that this person may cancel."""
        who = record.identity(self.place.customer_id)
        found = credits_to_cancel(who.accounts, by=self.place.by)
        self.asked = {each.pk for each in found if each.state == CreditState.ASKED}
        choices = [
            (each.pk, " · ".join(filter(None, (money(each.amount_minor, each.currency), each.words)))) for each in found
        ]
        self.fields["credit"].choices = choices  # type: ignore[attr-defined]
        self.initial["credit"] = self.place.thing_id
        if not choices:
            self.fields["credit"].help_text = gettext("No credit on its way is yours to cancel.")

    def do(self) -> str:
        """Cancels it, or takes back that it was asked for."""
        given = {"credit_id": self.cleaned_data["credit"], "by": self.place.by, "at": self.place.at}
        why = self.cleaned_data["why"]
        if self.cleaned_data["credit"] in self.asked:
            actions.refuse_credit(**given, why=why)
            return gettext("Taken back: nobody is asked for it any more.")
        actions.cancel_credit(**given, why=why)
        return gettext("Cancelled: it is on no bill, and your limit is as before it.")


def _minor(amount: Decimal, currency: str) -> int:
    if -amount.as_tuple().exponent > exponent(currency):  # type: ignore[operator] # a number, since the field read it
        raise CannotDoError(gettext("This currency has no such small amounts."))
    return minor_units(amount, currency)


def _bill_words(bill: BilledBill) -> str:
    said = {"day": date_format(bill.issued_on, "DATE_FORMAT"), "amount": Money(bill.total_minor, bill.currency)}
    return gettext("Bill of %(day)s, %(amount)s") % said + f" {bill.currency}"


def _line_words(bill: BilledBill, line: BilledLine, number: int) -> SafeString:
    key = format_html("<kbd>{}</kbd> ", number) if number <= _KEYS else ""
    amount = Money(line.whole_minor, bill.currency)
    return format_html('{}{} <span class="quiet number">{}</span>', key, line.name, amount)


BILL_DEEDS: tuple[type[DeedForm], ...] = (DisputeLines, GiveCredit, CancelCredit)
