"""What the phone keeps about customers: shown, forgotten."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from tellonce.modules.care import actions as care
from tellonce.modules.phone.actions.recordings import delete_sound
from tellonce.modules.phone.models import Checkpoint, FollowUp, PromisedCallback, Queue, Recording
from tellonce.modules.phone.queries import calls_of_customers

_FORGET_NUMBERS = """
UPDATE phone_event SET data = data || '{"number": "", "customer": 0}'
WHERE kind IN ('Arrived', 'CallbackPromised') AND (data->>'customer')::bigint = ANY(%s)
"""


def personal_data(customer_ids: Sequence[int]) -> dict[str, Any]:
    """Every call of these customers: when, in which queue, how long, how it ended; and how it was followed up."""
    names = dict(Queue.objects.values_list("pk", "name"))
    return {
        "calls": [
            {
                "queue": names.get(call.queue_id, ""),
                "arrived_at": call.arrived_at.isoformat(),
                "asked_for_a_person_at": call.queued_at.isoformat() if call.queued_at else None,
                "in_the_menu_s": call.menu_s,
                "waited_s": call.wait_s,
                "with_a_person_s": call.handle_s,
                "outcome": call.outcome,
                "caller_code": call.caller_code,
                "source": call.source,
                "external_id": call.external_id,
            }
            for call in calls_of_customers(customer_ids)
        ],
        "recordings": [
            {
                "began_at": each.began_at.isoformat(),
                "seconds": each.seconds,
                "file": Path(each.file).name,
                "contact_id": each.contact_id,
            }
            for each in Recording.objects.filter(customer_id__in=customer_ids).order_by("began_at")
        ],
        "callbacks": [
            {
                "due_at": each.due_at.isoformat(),
                "made_at": each.made_at.isoformat(),
                "called_at": each.dialled_at.isoformat() if each.dialled_at else None,
                "became": each.became,
            }
            for each in PromisedCallback.objects.filter(customer_id__in=customer_ids).order_by("due_at")
        ],
        "followed_up": [
            {
                "missed_at": each.missed_at.isoformat(),
                "at": each.at.isoformat(),
                "by": each.by_name,
                "number": each.number,
                "by_callback": bool(each.callback),
                "note": each.note,
            }
            for each in _follow_ups_of(customer_ids).order_by("at")
        ],
    }


@transaction.atomic
def forget(customer_ids: Sequence[int], *, at: datetime) -> None:
    """Codes, numbers, the sound of recordings and how they were followed up go.

    Times, waits and outcomes stay, as counts need them.
    """
    calls_of_customers(customer_ids).exclude(caller_code="").update(caller_code="")
    _follow_ups_of(customer_ids).delete()
    delete_sound(Recording.objects.filter(customer_id__in=customer_ids))
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_NUMBERS, [list(customer_ids)])
    for checkpoint in Checkpoint.objects.select_for_update():
        if _forgotten_on(checkpoint.board, set(customer_ids)):
            checkpoint.save(update_fields=["board"])


def _forgotten_on(board: dict[str, Any], customer_ids: set[int]) -> bool:
    """Takes them off a board that was frozen, with their numbers; whether they were on it."""
    theirs = [each for each in board.get("contacts", ()) if each["customer"] in customer_ids]
    for each in theirs:
        each["number"], each["customer"] = "", 0
    mine = {each["id"] for each in theirs}
    wanted = [
        outage for outage in board.get("outages", ()) if any(each[2] in customer_ids for each in outage["wanted"])
    ]
    for outage in wanted:
        outage["wanted"] = [each for each in outage["wanted"] if each[2] not in customer_ids]
    if mine:
        board["callbacks"] = [each for each in board["callbacks"] if each[2] not in mine]
        board["dialled"] = {number: contact for number, contact in board["dialled"].items() if contact not in mine}
    return bool(theirs or wanted)


def _follow_ups_of(customer_ids: Sequence[int]) -> QuerySet[FollowUp]:
    """Those of a number too whose contact was found to be the customer's later."""
    numbers = FollowUp.objects.filter(customer_id=0).values_list("contact_id", flat=True)
    theirs = care.owned(about="contact", ids=list(numbers), customer_ids=customer_ids)
    return FollowUp.objects.filter(Q(customer_id__in=list(customer_ids)) | Q(contact_id__in=theirs))


def merged(*, loser_id: int, winner_id: int, at: datetime) -> None:
    """Nothing moves: calls are read for all ids that read as one customer."""
