"""Which line of a bill is most likely meant, when somebody says that the bill is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from tellonce.modules.billing.explaining import explain
from tellonce.modules.billing.queries.on_desk import BillToDispute, found_on_lines
from tellonce.modules.record.contracts import Accounts


@dataclass(frozen=True, slots=True)
class Suggested:
    """A line, and why it is this one, in a sentence; empty where it was pointed at."""

    id: UUID
    why: str


def suggested(bills: Sequence[BillToDispute], *, accounts: Accounts, chosen: str = "") -> Suggested | None:
    """The line that was pointed at; else the one that a check found wrong; else what rose most since last time."""
    lines = {line.id: line for each in bills for line in each.lines}
    pointed = next((line_id for line_id in lines if str(line_id) == chosen), None)
    if pointed is not None:
        return Suggested(pointed, "")
    found = found_on_lines(accounts, list(lines))
    if found:
        line_id, what = next(iter(found.items()))
        said = {"line": lines[line_id].name, "what": what}
        return Suggested(line_id, gettext("Our checks found in %(line)s: %(what)s.") % said)
    return _risen(bills)


def _risen(bills: Sequence[BillToDispute]) -> Suggested | None:
    rises = [
        (sentence.change_minor, sentence.line.id, sentence.text)
        for each in bills
        for sentence in explain(each.bill, each.before).changes
        if sentence.line in each.lines and sentence.line is not None and sentence.change_minor > 0
    ]
    if not rises:
        return None
    _change, line_id, why = max(rises, key=lambda rise: rise[0])
    return Suggested(line_id, why)
