"""By which rule a thing is watched that was wrong: as its lines say, and what another rule must be for it to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext

from tellonce.modules.billing.contracts import BadWatchError, ChargeKind, WatchRule, money
from tellonce.modules.billing.models import CauseAccount, Charge, Dispute, DisputeLine, Watch
from tellonce.modules.billing.queries import lines as line_queries
from tellonce.modules.billing.queries.fitting import fitting, right_on_bill

_ONCE = (ChargeKind.USAGE, ChargeKind.ONE_OFF)
_FEWEST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that is wrong: its disputed lines, and those of them that are still kept as they were billed."""

    lines: tuple[DisputeLine, ...]
    charges: tuple[Charge, ...]
    disputed: tuple[UUID, ...]

    @property
    def right_minor(self) -> int:
        """What of each line is right, without tax; 0 where it is wrong as a whole."""
        known = {charge.id: charge for charge in self.charges}
        return min(right_minor(line, known.get(line.charge_id)) for line in self.lines)

    def rule(self) -> WatchRule:
        """What its lines say: the same code, product, device and service; what is charged once or by use its amount."""
        charge = self.charges[0] if self.charges else None
        if charge is None:
            return self.complete(WatchRule(code=self.lines[0].code))
        right, once = self.right_minor, _amounts_of_once(self.charges)
        rule = WatchRule(
            code=charge.code,
            product=charge.product,
            device_serial=charge.device_serial,
            service_id=charge.service_id,
            amount_from_minor=right + 1 if right else once[0],
            amount_until_minor=None if right else once[1],
        )
        return self.complete(rule)

    def complete(self, rule: WatchRule) -> WatchRule:
        """The rule with what of each line is wrong, and how many lines that fit it are right on a bill."""
        if not self.charges:
            return replace(rule, wrong_minor=None, allowed_lines=0)
        charge, right = self.charges[0], self.right_minor
        if right:
            return replace(rule, wrong_minor=charge.amount_minor - right, allowed_lines=0)
        allowed = right_on_bill(rule, charge, disputed=self.disputed)
        return replace(rule, wrong_minor=None, allowed_lines=allowed)


def things_of(dispute: Dispute, *, granted: Mapping[int, int] | None = None) -> list[Thing]:
    """What was found to be wrong in a dispute, each thing once; `granted` says it by line where it is not written yet.

    A line for the same thing that names no device or service of its own belongs to those that do not ask for one.
    """
    lines = list(dispute.lines.all())
    for line in lines if granted is not None else ():
        line.granted_minor = (granted or {}).get(line.pk, 0)
    wrong = [line for line in lines if line.granted_minor]
    found = line_queries.charges([line.customer_id for line in wrong], [line.charge_id for line in wrong])
    charges = {charge.id: charge for charge in found}
    groups: list[list[DisputeLine]] = []
    for line in wrong:
        like = next((group for group in groups if _is_same(group[0], line, charges)), None)
        if like is not None:
            like.append(line)
        else:
            groups.append([line])
    disputed = tuple(line.charge_id for line in lines)
    return [_thing(group, charges, disputed) for group in groups]


def rule_of(watch: Watch) -> WatchRule:
    """What a watch looks for."""
    return WatchRule(
        code=watch.code,
        product=watch.product,
        service_id=watch.service_id,
        device_serial=watch.device_serial,
        amount_from_minor=watch.amount_from_minor,
        amount_until_minor=watch.amount_until_minor,
        pattern=watch.pattern,
        wrong_minor=watch.wrong_minor,
        allowed_lines=watch.allowed_lines,
    )


def wrong_lines(watch: Watch) -> list[Charge]:
    """The lines for which it is watched: of its dispute, or of its cause on this account."""
    if watch.dispute is not None:
        wrong = [(line.customer_id, line.charge_id) for line in watch.dispute.lines.all() if line.granted_minor]
    else:
        rows = CauseAccount.objects.filter(cause=watch.cause, account_id=watch.account_id)
        wrong = [(row.customer_id, charge_id) for row in rows for charge_id in row.charge_ids]
    charges = line_queries.charges([customer for customer, _ in wrong], [charge_id for _, charge_id in wrong])
    kept = fitting(rule_of(watch), charges)
    return [charge for charge in charges if charge.id in kept]


def right_of(watch: Watch) -> int:
    """What of each line that is watched for is right, without tax; 0 where it is wrong as a whole."""
    charges = wrong_lines(watch) if watch.wrong_minor is not None else []
    return min((charge.amount_minor - (watch.wrong_minor or 0) for charge in charges), default=0)


def rule_to_be(watch: Watch, rule: WatchRule) -> WatchRule:
    """Another rule for what is watched: as much is wrong of each line, as many that fit it are right on a bill."""
    if watch.dispute is None or watch.wrong_minor is not None:
        return replace(rule, wrong_minor=watch.wrong_minor, allowed_lines=watch.allowed_lines)
    disputed = tuple(line.charge_id for line in watch.dispute.lines.all())
    charge = next(iter(wrong_lines(watch)), None)
    allowed = right_on_bill(rule, charge, disputed=disputed) if charge else watch.allowed_lines
    return replace(rule, wrong_minor=None, allowed_lines=allowed)


def refuse_bad(rule: WatchRule, *, charges: Sequence[Charge] = (), right_minor: int = 0, currency: str = "") -> None:
    """BadWatchError where a rule looks for nothing or for everything, or none of the lines that were wrong fits it."""
    _refuse_endless(rule)
    low, high = rule.amount_from_minor, rule.amount_until_minor
    if low is not None and high is not None and high < low:
        raise BadWatchError(gettext("The highest amount is below the lowest."))
    if right_minor and (low is None or low <= right_minor):
        words = gettext("%(amount)s without tax of this charge is right: watch for amounts above it.")
        raise BadWatchError(words % {"amount": money(right_minor, currency)})
    if charges and not fitting(rule, charges):
        raise BadWatchError(_stranger(rule, charges))


def _refuse_endless(rule: WatchRule) -> None:
    letters = rule.pattern.replace("*", "").strip()
    if rule.pattern and not letters:
        raise BadWatchError(gettext("These words fit every line. Write some of the words on the bill."))
    if rule.code or rule.product or rule.service_id or rule.device_serial:
        return
    if not letters:
        raise BadWatchError(gettext("Say what to look for: a charge code, a product, a device, or words on the line."))
    if len(letters) < _FEWEST_LETTERS:
        raise BadWatchError(gettext("By words alone, write at least three letters: fewer fit too many lines."))


def _stranger(rule: WatchRule, charges: Sequence[Charge]) -> str:
    told = {"line": charges[0].words or charges[0].code, "pattern": rule.pattern}
    without = replace(rule, pattern="")
    if rule.pattern and fitting(without, charges):
        return (
            gettext(
                "The line that was wrong has not these words: “%(line)s”. "
                "A * stands for anything before, between or after them."
            )
            % told
        )
    return gettext("The line that was wrong does not fit this, so it would come back unseen: “%(line)s”.") % told


def _is_same(one: DisputeLine, other: DisputeLine, charges: Mapping[UUID, Charge]) -> bool:
    mine, theirs = charges.get(one.charge_id), charges.get(other.charge_id)
    if mine is None or theirs is None:
        return mine is theirs and one.code == other.code
    return (
        (mine.code, mine.product) == (theirs.code, theirs.product)
        and mine.device_serial in {"", theirs.device_serial}
        and (mine.service_id == theirs.service_id or None in {mine.service_id, theirs.service_id})
    )


def _thing(lines: Sequence[DisputeLine], charges: Mapping[UUID, Charge], disputed: tuple[UUID, ...]) -> Thing:
    known = tuple(charges[line.charge_id] for line in lines if line.charge_id in charges)
    return Thing(tuple(lines), known, disputed)


def _amounts_of_once(charges: Sequence[Charge]) -> tuple[int, int] | tuple[None, None]:
    """The amounts of what is charged once or by use: another call, another film is not the wrong one come back."""
    if any(charge.kind not in _ONCE for charge in charges):
        return None, None
    amounts = [charge.amount_minor for charge in charges]
    return min(amounts), max(amounts)


def right_minor(line: DisputeLine, charge: Charge | None) -> int:
    """What of the line was right, without tax: 0 where it was wrong as a whole."""
    kept = line.charged_minor - (line.granted_minor or 0)
    tax_minor = charge.tax_minor if charge else 0
    return round(kept * (line.charged_minor - tax_minor) / line.charged_minor) if kept > 0 else 0
