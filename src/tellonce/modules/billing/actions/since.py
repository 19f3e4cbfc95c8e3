"""The same error on bills that came between the disputed one and the decision: put right with it."""

from collections.abc import Sequence
from uuid import UUID

from tellonce.modules.billing.models import Charge, Dispute, DisputeLine
from tellonce.modules.billing.queries import lines as line_queries
from tellonce.modules.billing.queries.discounts import taken_off_with_tax
from tellonce.modules.billing.queries.rules import right_minor


def grant_since(dispute: Dispute, lines: Sequence[DisputeLine]) -> int:
    """Adds what is wrong on later bills by the same measure to the dispute; returns their sum with tax.

    Where a whole line was wrong, every line like it is, whatever its amount; where a part was, what is above the right
    amount, at most that part; where the same thing was charged twice, what is more than was right.
    """
    ids = [line.charge_id for line in dispute.lines.all()]
    charges = {each.id: each for each in line_queries.charges([line.customer_id for line in lines], ids)}
    more: dict[UUID, tuple[Charge, int | None]] = {}
    for line in sorted(lines, key=lambda each: each.issued_on):
        charge = charges.get(line.charge_id)
        if charge is None:
            continue
        right = right_minor(line, charge)
        wrong = charge.amount_minor - right if right else None
        rightly = 0 if right else line_queries.right_lines(charge, disputed=ids)
        for later in line_queries.lines_since(charge, from_minor=right + 1, right=rightly):
            more[later.id] = later, _above(later, right=right, wrong=wrong)
    off = taken_off_with_tax([later for later, _ in more.values()])
    rows = [_line(dispute, later, wrong_minor=wrong, off_minor=off[later.id]) for later, wrong in more.values()]
    DisputeLine.objects.bulk_create(rows)
    added = sum(line.asked_minor for line in rows)
    dispute.asked_minor += added
    return added


def _above(later: Charge, *, right: int, wrong: int | None) -> int | None:
    return None if wrong is None else min(wrong, later.amount_minor - right)


def _line(dispute: Dispute, later: Charge, *, wrong_minor: int | None, off_minor: int) -> DisputeLine:
    wrong = line_queries.wrong_of(later, wrong_minor)
    return DisputeLine(
        dispute=dispute,
        customer_id=later.customer_id,
        bill_id=later.bill_id,
        charge_id=later.id,
        code=later.code,
        words=later.words,
        issued_on=later.issued_on,
        charged_minor=later.amount_minor + later.tax_minor,
        off_minor=off_minor,
        asked_minor=wrong,
        granted_minor=wrong,
    )
