"""Disputes of a cause are decided with its correction: what the cause says is wrong, and nothing else."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from tellonce.modules.billing.actions.disputes import decide_dispute, divide_dispute
from tellonce.modules.billing.contracts import DisputeState
from tellonce.modules.billing.models import CauseAccount, Dispute
from tellonce.modules.staff.contracts import Actor


def decide_disputes(
    row: CauseAccount, *, lines: Mapping[UUID, int], words: str, by: Actor, at: datetime
) -> tuple[int, int]:
    """Open disputes of the cause on one account: how many were decided, and what they credit, with tax.

    Of each of the `lines` as much is granted as the cause says is wrong (with tax), at most what was asked for. Other
    lines of a dispute go on as a dispute of their own.
    """
    waiting = Dispute.objects.filter(cause_id=row.cause_id, account_id=row.account_id, state=DisputeState.OPEN)
    decided, credited = 0, 0
    for dispute in waiting.order_by("pk"):
        meant = [line for line in dispute.lines.all() if lines.get(line.charge_id)]
        if not meant:
            continue
        divide_dispute(dispute_id=dispute.pk, keep=[line.pk for line in meant], by=by, at=at)
        granted = {line.pk: min(line.asked_minor, lines[line.charge_id]) for line in meant}
        is_whole = all(granted[line.pk] == line.asked_minor for line in meant)
        settled = decide_dispute(
            dispute_id=dispute.pk,
            verdict=DisputeState.UPHELD if is_whole else DisputeState.PARTLY,
            granted=granted,
            reason=words,
            by=by,
            at=at,
            is_approved=True,
        )
        decided, credited = decided + 1, credited + settled.credit_minor
    return decided, credited
