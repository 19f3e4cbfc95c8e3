"""All checks of bills by name, and all findings of a run: every line must be explained by the record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import ibis.expr.types as ir

from tellonce.lab.billing.blocks import blocks
from tellonce.lab.billing.findings import COLUMNS, one_a_line
from tellonce.lab.billing.jumps import jumps
from tellonce.lab.billing.ledger import line_days
from tellonce.lab.billing.lines import Run, rates
from tellonce.lab.billing.missing import not_charged
from tellonce.lab.billing.once import not_ordered, strangers, unnamed, wrong_once
from tellonce.lab.billing.past import past_of
from tellonce.lab.billing.promised import credits_found, discounts_found
from tellonce.lab.billing.standing import came_back, waived
from tellonce.lab.billing.sums import wrong_carried, wrong_tax, wrong_total
from tellonce.lab.billing.suspects import suspects
from tellonce.lab.billing.use import no_traffic, usage_found
from tellonce.lab.billing.verdicts import charges_found, given_back_found, judged_lines, not_given_back


@dataclass(slots=True)
class Checks:
    """The checks of one run: each gives its findings, or None where what it needs is unknown.

    The columns are those of findings.COLUMNS. What several checks need is reckoned once, with the run's `keep`.
    """

    run: Run
    _rates: ir.Table | None = field(default=None, init=False)
    _blocks: ir.Table | None = field(default=None, init=False)
    _judged: ir.Table | None = field(default=None, init=False)

    @property
    def rates(self) -> ir.Table:
        """What each service and device costs, and when."""
        if self._rates is None:
            self._rates = self.run.keep(rates(self.run.record))
        return self._rates

    @property
    def blocks(self) -> ir.Table:
        """When nothing may be charged."""
        if self._blocks is None:
            self._blocks = self.run.keep(blocks(self.run.record))
        return self._blocks

    @property
    def judged(self) -> ir.Table:
        """The recurring lines that were looked at day by day."""
        if self._judged is None:
            self._judged = self._judge(self.run)
        return self._judged

    def judged_of(self, few: Run) -> ir.Table:
        """The judged lines of a run of few accounts, or of all where all are judged already."""
        return self._judged if self._judged is not None else self._judge(few)

    def _judge(self, run: Run) -> ir.Table:
        past = past_of(run, rates=self.rates, blocks=self.blocks)
        suspected = run.keep(suspects(run, past, rates=self.rates, blocks=self.blocks))
        days = run.keep(line_days(run, past, suspected, rates=self.rates, blocks=self.blocks))
        return run.keep(judged_lines(run, suspected, days, rates=self.rates))

    def by_name(self) -> dict[str, Callable[[], ir.Table | None]]:
        """The checks by their names, in the order in which they are best run."""
        run = self.run
        return {
            "recurring charges": lambda: charges_found(run, self.judged),
            "days given back": lambda: given_back_found(run, self.judged),
            "days not given back": lambda: not_given_back(run, self.judged),
            "charges of once": lambda: not_ordered(run),
            "prices of once": lambda: wrong_once(run),
            "use": lambda: usage_found(run),
            "no use": lambda: no_traffic(run),
            "discounts": lambda: discounts_found(run, self.rates),
            "credits": lambda: credits_found(run),
            "taxes": lambda: wrong_tax(run),
            "totals": lambda: wrong_total(run),
            "carried over": lambda: wrong_carried(run),
            "disputes upheld": lambda: came_back(run, self.rates),
            "waivers": lambda: waived(run),
            "names": lambda: unnamed(run, self.rates),
            "accounts and currencies": lambda: strangers(run),
            "not charged": lambda: not_charged(run, rates=self.rates, blocks=self.blocks),
            "sudden jumps": lambda: jumps(run, rates=self.rates, judged_of=self.judged_of),
        }


def all_findings(
    run: Run, *, step: Callable[[int, int, str], None] | None = None, kinds: Sequence[str] = ()
) -> ir.Table:
    """All findings of a run, on each line the one that says most, in the order of account, bill, line and kind.

    `step` is told before each check: its number from 0, how many there are, its name. With `kinds` only these are
    given, though a line whose more telling kind is left out is not told by another.
    """
    checks = Checks(run).by_name()
    found = []
    for number, (name, check) in enumerate(checks.items()):
        if step is not None:
            step(number, len(checks), name)
        rows = check()
        if rows is not None:
            found.append(run.keep(rows))
    told = one_a_line(found)
    if kinds:
        told = told.filter(told.kind.isin(tuple(kinds)))
    return told.order_by(
        "account", "bill", told.line.fill_null(-1), "kind", *(name for name in COLUMNS if name not in _FIRST)
    )


_FIRST = ("account", "bill", "line", "kind")
