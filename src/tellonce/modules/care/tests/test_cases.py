"""Cases: every transition, merge and split, what is related and what is not."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tellonce.modules.care import actions, queries
from tellonce.modules.care.actions.case_states import ALLOWED, Move
from tellonce.modules.care.contracts import (
    CannotDoError,
    CaseState,
    CaseStateError,
    MissingWordsError,
    UnrelatedCaseError,
)
from tellonce.modules.care.models import Case, CaseContact
from tellonce.modules.record import queries as record_queries
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import NOW, a_case, a_contact, a_customer, a_matter, a_person, a_promise, a_team

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)

MOVES: dict[Move, Callable[[int], Case]] = {
    Move.WAIT: lambda pk: actions.wait_case(
        case_id=pk, waiting_on="customer", waiting_until=NOW + HOUR, by=SYSTEM, at=NOW
    ),
    Move.RESUME: lambda pk: actions.resume_case(case_id=pk, by=SYSTEM, at=NOW),
    Move.SOLVE: lambda pk: actions.solve_case(case_id=pk, by=SYSTEM, at=NOW, note="done"),
    Move.CLOSE: lambda pk: actions.close_case(case_id=pk, by=SYSTEM, at=NOW),
    Move.REOPEN: lambda pk: actions.reopen_case(case_id=pk, by=SYSTEM, at=NOW, reason="back again"),
    Move.COME_BACK: lambda pk: actions.reopen_case(case_id=pk, by=SYSTEM, at=NOW, reason="back", even_closed=True),
}
WAYS = {
    CaseState.OPEN: (),
    CaseState.WAITING: (Move.WAIT,),
    CaseState.SOLVED: (Move.SOLVE,),
    CaseState.CLOSED: (Move.SOLVE, Move.CLOSE),
}


@pytest.mark.parametrize("state", list(CaseState))
@pytest.mark.parametrize("move", list(Move))
def test_every_move_from_every_state_is_as_the_table_says(state: CaseState, move: Move) -> None:
    case = a_case(customer=a_customer())
    for step in WAYS[state]:
        MOVES[step](case.pk)
    before = len(record_queries.story_page(case.customer_id or 0))
    after = ALLOWED.get((state, move))
    if after is None:
        with pytest.raises(CaseStateError):
            MOVES[move](case.pk)
        assert Case.objects.get(pk=case.pk).state == state
        assert len(record_queries.story_page(case.customer_id or 0)) == before
    else:
        assert MOVES[move](case.pk).state == after
        assert len(record_queries.story_page(case.customer_id or 0)) == before + 1


def test_who_solves_second_learns_who_was_first() -> None:
    case = a_case(customer=a_customer())
    actions.solve_case(case_id=case.pk, by=a_person(name="Dana Reyes").as_actor(), at=NOW)
    with pytest.raises(CaseStateError, match="Dana Reyes"):
        actions.solve_case(case_id=case.pk, by=a_person().as_actor(), at=NOW)


def test_solve_opens_and_solves_in_the_contact_or_solves_the_open_case_on_the_matter() -> None:
    customer, person = a_customer(), a_person()
    waiting = a_case(customer=customer, matter="internet.drops")
    other = a_case(customer=customer, matter="tv.down")
    first, second = (a_contact(customer=customer, taken_by=person) for _ in range(2))
    solved = actions.solve_contact(
        contact_id=first.pk, matter_id=a_matter("internet.drops"), by=person.as_actor(), at=NOW, note="new modem"
    )
    assert (solved.pk, solved.solved_in_id) == (waiting.pk, first.pk)
    opened = actions.solve_contact(
        contact_id=second.pk, matter_id=a_matter("billing.question"), by=person.as_actor(), at=NOW
    )
    assert (opened.opened_in_id, opened.solved_in_id, opened.title) == (second.pk, second.pk, "What is this charge?")
    assert queries.contact(second.pk).matter == "What is this charge?"
    assert [line.id for line in queries.customer_cases([customer.pk], only_open=True)] == [other.pk]


def test_reopening_is_counted_offered_for_the_same_matter_and_refused_for_another() -> None:
    customer, person = a_customer(), a_person()
    case = a_case(customer=customer, matter="internet.drops")
    actions.solve_case(case_id=case.pk, by=SYSTEM, at=NOW)
    assert queries.reopenable([customer.pk], matter_id=a_matter("internet.drops"), at=NOW + timedelta(days=29))
    assert not queries.reopenable([customer.pk], matter_id=a_matter("internet.drops"), at=NOW + timedelta(days=31))
    assert not queries.reopenable([customer.pk], matter_id=a_matter("tv.down"), at=NOW + HOUR)
    about_tv = a_contact(customer=customer, taken_by=person)
    actions.set_matter(contact_id=about_tv.pk, matter_id=a_matter("tv.down"), by=person.as_actor(), at=NOW)
    not_theirs = a_contact(customer=a_customer(), taken_by=person)
    for contact in (about_tv, not_theirs):
        with pytest.raises(UnrelatedCaseError):
            actions.reopen_case(case_id=case.pk, by=SYSTEM, at=NOW, reason="again", contact_id=contact.pk)
    with pytest.raises(MissingWordsError):
        actions.reopen_case(case_id=case.pk, by=SYSTEM, at=NOW, reason=" ")
    again = a_contact(customer=customer, taken_by=person)
    reopened = actions.reopen_case(case_id=case.pk, by=SYSTEM, at=NOW, reason="again", contact_id=again.pk)
    assert (reopened.reopened, reopened.solved_at) == (1, None)


def test_a_waiting_case_comes_back_by_itself_once() -> None:
    case = a_case(customer=a_customer())
    MOVES[Move.WAIT](case.pk)
    assert actions.wake_waiting_cases(at=NOW + timedelta(minutes=59)) == 0
    assert actions.wake_waiting_cases(at=NOW + HOUR) == 1
    assert actions.wake_waiting_cases(at=NOW + HOUR) == 0
    assert Case.objects.get(pk=case.pk).state == CaseState.OPEN


def test_a_case_that_waits_for_the_customer_is_taken_up_again_when_they_are_in_touch() -> None:
    customer = a_customer()
    case = a_case(customer=customer)
    MOVES[Move.WAIT](case.pk)
    contact = a_contact(customer=customer)
    actions.add_contact_to_case(case_id=case.pk, contact_id=contact.pk, by=SYSTEM, at=NOW)
    assert Case.objects.get(pk=case.pk).state == CaseState.OPEN
    with pytest.raises(UnrelatedCaseError):
        actions.add_contact_to_case(case_id=case.pk, contact_id=a_contact().pk, by=SYSTEM, at=NOW)


def test_merging_moves_contacts_promises_and_children_and_leaves_one_open_case() -> None:
    customer, person = a_customer(), a_person()
    contacts = [a_contact(customer=customer, taken_by=person) for _ in range(3)]
    lost, kept = (
        a_case(customer=customer, contact_id=contacts[0].pk),
        a_case(customer=customer, contact_id=contacts[1].pk),
    )
    for case in (lost, kept):
        actions.add_contact_to_case(case_id=case.pk, contact_id=contacts[2].pk, by=SYSTEM, at=NOW)
    promise = a_promise(customer=customer, due_at=NOW + HOUR, case_id=lost.pk)
    child = a_case(customer=customer, parent_id=lost.pk)
    actions.merge_cases(case_id=lost.pk, into_id=kept.pk, by=SYSTEM, at=NOW)
    read = queries.case(kept.pk)
    assert {line.id for line in read.contacts} == {contact.pk for contact in contacts}
    assert [line.id for line in read.promises] == [promise.pk]
    assert [line.id for line in read.children] == [child.pk]
    assert queries.case(lost.pk).merged_into_id == kept.pk
    assert {line.id for line in queries.customer_cases([customer.pk])} == {kept.pk, child.pk}
    with pytest.raises(CaseStateError, match="merged"):
        actions.reopen_case(case_id=lost.pk, by=SYSTEM, at=NOW, reason="no")
    with pytest.raises(UnrelatedCaseError):
        actions.merge_cases(case_id=kept.pk, into_id=a_case(customer=a_customer()).pk, by=SYSTEM, at=NOW)


def test_a_split_takes_the_named_contacts_and_promises_and_keeps_the_owner() -> None:
    customer, person = a_customer(), a_person()
    stays, goes = (a_contact(customer=customer, taken_by=person) for _ in range(2))
    case = a_case(customer=customer, contact_id=stays.pk, owner_person_id=person.pk)
    actions.add_contact_to_case(case_id=case.pk, contact_id=goes.pk, by=SYSTEM, at=NOW)
    new = actions.split_case(case_id=case.pk, title="The remote control", contact_ids=[goes.pk], by=SYSTEM, at=NOW)
    assert (new.owner_person_id, new.split_from_id) == (person.pk, case.pk)
    assert set(CaseContact.objects.values_list("case_id", "contact_id")) == {(case.pk, stays.pk), (new.pk, goes.pk)}


def test_a_case_is_not_solved_over_the_heads_of_those_below_it() -> None:
    customer = a_customer()
    parent = a_case(customer=customer)
    child = a_case(customer=customer, parent_id=parent.pk)
    with pytest.raises(CannotDoError):
        a_case(customer=customer, parent_id=child.pk)
    with pytest.raises(CannotDoError, match="1"):
        actions.solve_case(case_id=parent.pk, by=SYSTEM, at=NOW)
    actions.solve_case(case_id=parent.pk, by=SYSTEM, at=NOW, with_children=True)
    assert Case.objects.get(pk=child.pk).state == CaseState.SOLVED


def test_departments_ask_each_other_by_cases_without_a_customer() -> None:
    billing, care = (staff.add_department(name=name, by=SYSTEM, at=NOW) for name in ("Billing", "Care"))
    person = a_person(team=a_team(department_id=care.pk))
    case = actions.open_case(
        customer_id=None,
        matter_id=None,
        title="Is the 9.00 on Hale's bill the old rental?",
        by=SYSTEM,
        at=NOW,
        asked_by_id=billing.pk,
        owner_department_id=care.pk,
    )
    asks = queries.team_asks(person)
    assert [(line.id, line.asked_by) for line in asks.cases] == [(case.pk, "Billing")]
    passed = actions.hand_over(
        case_id=case.pk, by=person.as_actor(), at=NOW, line="Please look", to_department_id=billing.pk
    )
    assert passed.customer_id is None
    assert queries.team_asks(person).count == 0


def test_two_who_have_a_case_open_know_of_each_other_until_one_falls_silent() -> None:
    case, dana, sam = a_case(customer=a_customer()), a_person(name="Dana"), a_person(name="Sam")
    assert actions.view_case(case_id=case.pk, person_id=dana.pk, at=NOW) == []
    others = actions.view_case(case_id=case.pk, person_id=sam.pk, at=NOW, is_writing=True)
    assert [other.name for other in others] == ["Dana"]
    (other,) = actions.view_case(case_id=case.pk, person_id=dana.pk, at=NOW + timedelta(seconds=30))
    assert (other.name, other.is_writing) == ("Sam", True)
    assert actions.view_case(case_id=case.pk, person_id=dana.pk, at=NOW + timedelta(seconds=50)) == []
