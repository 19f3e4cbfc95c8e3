"""Cases and promises in bulk, by COPY, with what they tell."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from django.db import transaction

from tellonce.kernel.cards import mask_cards
from tellonce.modules.care.actions.promises import OWN_UP_WITHIN
from tellonce.modules.care.contracts import (
    CaseOpened,
    CaseReopened,
    CaseSolved,
    CaseWaiting,
    Loaded,
    NewCase,
    NewPromise,
    PromiseBroken,
    PromiseKept,
    PromiseKeptLate,
    PromiseMade,
    PromiseOwnedUp,
    PromiseState,
    PromiseWithdrawn,
)
from tellonce.modules.care.contracts.states import CaseState
from tellonce.modules.care.queries.promise_times import REMIND_BEFORE
from tellonce.modules.record import story
from tellonce.modules.record.contracts import About, MomentData, Told
from tellonce.modules.record.copying import copy_rows, next_ids
from tellonce.modules.staff.contracts import Actor, ActorKind

_CASES, _CASE_CONTACTS, _PROMISES = "care_case", "care_casecontact", "care_promise"
_CASE_COLUMNS = (
    "id",
    "customer_id",
    "asked_by_id",
    "matter_id",
    "title",
    "state",
    "waiting_on",
    "waiting_until",
    "owner_person_id",
    "owner_team_id",
    "owner_department_id",
    "opened_at",
    "opened_in_id",
    "opened_by_name",
    "solved_at",
    "solved_in_id",
    "solved_by_name",
    "closed_at",
    "reopened",
    "import_id",
    "words",
)
_PROMISE_COLUMNS = (
    "id",
    "customer_id",
    "case_id",
    "contact_id",
    "kind",
    "what",
    "made_at",
    "made_by_id",
    "made_by_name",
    "owner_person_id",
    "owner_team_id",
    "due_at",
    "remind_at",
    "state",
    "settled_at",
    "settled_by_name",
    "broken_at",
    "owned_up_at",
    "done_late_at",
    "import_id",
    "last_words",
)


@transaction.atomic
def load_cases(cases: Sequence[NewCase], *, by: Actor, at: datetime, import_id: int | None = None) -> Loaded:
    """Adds cases with their contacts and tells how they went, with their own times; `ids` are in the order given."""
    ids = next_ids(_CASES, len(cases))
    copy_rows(
        _CASES, _CASE_COLUMNS, (_case_row(case_id, case, import_id) for case_id, case in zip(ids, cases, strict=True))
    )
    copy_rows(
        _CASE_CONTACTS,
        ("case_id", "contact_id", "at"),
        (
            (case_id, contact_id, case.opened_at)
            for case_id, case in zip(ids, cases, strict=True)
            for contact_id in dict.fromkeys(case.contact_ids)
        ),
    )
    told = chain.from_iterable(_told_of_case(case_id, case, by) for case_id, case in zip(ids, cases, strict=True))
    story.load(_with_import(told, import_id))
    return Loaded(ids=tuple(ids), added=len(ids))


@transaction.atomic
def load_promises(promises: Sequence[NewPromise], *, by: Actor, at: datetime, import_id: int | None = None) -> Loaded:
    """Adds promises and tells how they went, with their own times; `ids` are in the order given."""
    ids = next_ids(_PROMISES, len(promises))
    pairs = list(zip(ids, promises, strict=True))
    copy_rows(_PROMISES, _PROMISE_COLUMNS, (_promise_row(pk, promise, import_id) for pk, promise in pairs))
    told = chain.from_iterable(_told_of_promise(pk, promise, by) for pk, promise in pairs)
    story.load(_with_import(told, import_id))
    return Loaded(ids=tuple(ids), added=len(ids))


def _with_import(many: Iterator[Told], import_id: int | None) -> Iterator[Told]:
    if import_id is None:
        yield from many
        return
    for told in many:
        yield replace(told, import_id=import_id)


def _case_row(case_id: int, case: NewCase, import_id: int | None) -> tuple[object, ...]:
    return (
        case_id,
        case.customer_id,
        case.asked_by_id,
        case.matter_id,
        mask_cards(case.title)[:200],
        str(case.state),
        str(case.waiting_on),
        case.waiting_until,
        case.owner_person_id,
        case.owner_team_id,
        case.owner_department_id,
        case.opened_at,
        case.contact_ids[0] if case.contact_ids else None,
        case.opened_by_name,
        case.solved_at,
        case.solved_in_id,
        case.solved_by_name,
        case.closed_at,
        len(case.reopened_at),
        import_id,
        "",
    )


def _told_of_case(case_id: int, case: NewCase, by: Actor) -> Iterator[Told]:
    opener = _person(case.opened_by_id, case.opened_by_name, case, by)
    solver = _person(case.solved_by_id, case.solved_by_name, case, opener)
    title = mask_cards(case.title)[:200]

    def told(what: MomentData, when: datetime, who: Actor, contact_id: int | None, words: str = "") -> Told:
        about = About("case", case_id, contact_id=contact_id, case_id=case_id, matter_id=case.matter_id)
        return Told(customer_id=case.customer_id, what=what, at=when, by=who, words=words, about=about)

    opened_in = case.contact_ids[0] if case.contact_ids else None
    yield told(CaseOpened(case_id, title, case.owner_name), case.opened_at, opener, opened_in)
    for times, when in enumerate(sorted(case.reopened_at), start=1):
        yield told(CaseReopened(case_id, title, times), when, opener, None)
    if case.state == CaseState.WAITING:
        waiting = CaseWaiting(case_id, title, str(case.waiting_on), case.waiting_until)
        yield told(waiting, case.opened_at, opener, opened_in)
    if case.solved_at is not None:
        solved = CaseSolved(case_id, title)
        yield told(solved, case.solved_at, solver, case.solved_in_id, mask_cards(case.solved_note))


def _promise_row(promise_id: int, promise: NewPromise, import_id: int | None) -> tuple[object, ...]:
    return (
        promise_id,
        promise.customer_id,
        promise.case_id,
        promise.contact_id,
        str(promise.kind),
        mask_cards(promise.what)[:300],
        promise.made_at,
        promise.made_by_id,
        promise.made_by_name,
        promise.owner_person_id,
        promise.owner_team_id,
        promise.due_at,
        max(promise.made_at, promise.due_at - REMIND_BEFORE),
        str(promise.state),
        promise.settled_at,
        promise.settled_by_name,
        promise.due_at if promise.state == PromiseState.BROKEN else None,
        promise.owned_up_at,
        promise.done_late_at,
        import_id,
        "",
    )


def _told_of_promise(promise_id: int, promise: NewPromise, by: Actor) -> Iterator[Told]:
    maker = _person(promise.made_by_id, promise.made_by_name, promise, by)
    settler = _person(promise.owner_person_id, promise.settled_by_name, promise, maker)
    what = mask_cards(promise.what)[:300]
    about = About("promise", promise_id, contact_id=promise.contact_id, case_id=promise.case_id)

    def told(data: MomentData, when: datetime, who: Actor) -> Told:
        return Told(customer_id=promise.customer_id, what=data, at=when, by=who, about=about)

    made = PromiseMade(promise_id, str(promise.kind), what, promise.due_at, promise.owner_name)
    yield told(made, promise.made_at, maker)
    settled_at = promise.settled_at or promise.due_at
    match promise.state:
        case PromiseState.KEPT:
            yield told(PromiseKept(promise_id, what), settled_at, settler)
        case PromiseState.WITHDRAWN:
            yield told(PromiseWithdrawn(promise_id, what), settled_at, settler)
        case PromiseState.BROKEN:
            yield told(PromiseBroken(promise_id, what, promise.due_at), settled_at, by)
    if promise.owned_up_at is not None:
        in_time = promise.owned_up_at - promise.due_at <= OWN_UP_WITHIN
        yield told(PromiseOwnedUp(promise_id, what, in_time), promise.owned_up_at, settler)
    if promise.done_late_at is not None:
        late = int((promise.done_late_at - promise.due_at).total_seconds())
        yield told(PromiseKeptLate(promise_id, what, late), promise.done_late_at, settler)


def _person(person_id: int | None, name: str, where: NewCase | NewPromise, otherwise: Actor) -> Actor:
    if not name:
        return otherwise
    return Actor(ActorKind.PERSON, name, person_id, where.team_id, where.site_id, where.partner_id)
