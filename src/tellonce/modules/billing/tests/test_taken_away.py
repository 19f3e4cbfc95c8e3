"""Bills that were taken back, or whose import was undone: watches and credits count without them."""

from collections.abc import Callable

import pytest

from tellonce.modules.billing import actions
from tellonce.modules.billing.models import Bill, Credit, Finding
from tellonce.modules.billing.tests.making import Holder, a_bill, a_holder
from tellonce.modules.billing.tests.test_watch import (
    BOX,
    TV,
    check,
    granted,
    moments,
    month,
    on_bill,
    outcomes,
    put_right,
)
from tellonce.modules.care import actions as care
from tellonce.modules.care.models import Case
from tellonce.modules.record import queries as record
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import NOW, a_matter, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def matters() -> None:
    a_matter("billing.wrong")


def withdrawn(*bills: Bill) -> None:
    gone = [(bill.customer_id, str(bill.id)) for bill in bills]
    actions.withdraw_bills(gone, by=SYSTEM, at=NOW, import_id=None)


def undone(*bills: Bill) -> None:
    """As if an import had brought them, and was undone."""
    Bill.objects.filter(id__in=[bill.id for bill in bills]).update(import_id=77)
    actions.remove_billing_of(import_id=77, at=NOW)


TAKEN_AWAY = pytest.mark.parametrize("take_away", [withdrawn, undone])


@TAKEN_AWAY
def test_a_watch_that_ended_by_bills_that_are_gone_watches_again(take_away: Callable[..., None]) -> None:
    holder = a_holder()
    watch = put_right(holder)
    clean = [a_bill(holder, TV, on=month(number)) for number in range(1, 13)]
    check()
    a_bill(holder, BOX, on=month(13))
    check()
    take_away(*clean[-3:])
    watch.refresh_from_db()
    assert (watch.state, watch.ended_at, watch.came_back) == ("watching", None, 1), "it came while nothing looked"
    assert outcomes() == ["clean"] * 9 + ["came_back"]
    assert watch.last_bill_on == month(13)


@TAKEN_AWAY
def test_clean_bills_that_are_gone_do_not_count(take_away: Callable[..., None]) -> None:
    holder = a_holder()
    watch = put_right(holder)
    clean = [a_bill(holder, TV, on=month(number)) for number in range(1, 5)]
    check()
    take_away(*clean[:2])
    watch.refresh_from_db()
    assert (watch.clean_bills, watch.state) == (2, "watching")


@TAKEN_AWAY
@pytest.mark.parametrize("months", [2, 12])
def test_a_watch_that_a_decision_ended_stays_ended(take_away: Callable[..., None], months: int) -> None:
    holder = a_holder()
    watch = put_right(holder)
    clean = [a_bill(holder, TV, on=month(number)) for number in range(1, months + 1)]
    check()
    by = a_person(role="manager").as_actor()
    actions.cancel_credit(credit_id=Credit.objects.get().pk, by=by, at=NOW, why="They had ordered the box.")
    take_away(clean[0])
    watch.refresh_from_db()
    assert (watch.clean_bills, watch.state) == (months - 1, "ended")


def missed_on(holder: Holder, *months: int) -> list[Bill]:
    bills = [a_bill(holder, TV, on=month(number)) for number in months]
    check()
    return bills


@TAKEN_AWAY
def test_a_credit_is_not_missing_on_bills_that_are_gone(take_away: Callable[..., None]) -> None:
    holder = a_holder()
    credit = granted(holder)
    first, second = missed_on(holder, 2, 3)
    finding = Finding.objects.get()
    take_away(first)
    credit.refresh_from_db()
    finding.refresh_from_db()
    assert (credit.missed_bills, finding.state, finding.bill_number) == (1, "case", first.number)
    take_away(second)
    credit.refresh_from_db()
    finding.refresh_from_db()
    why = f"Bill {first.number} was taken away."
    assert (credit.missed_bills, finding.state, finding.words) == (0, "dismissed", why)
    notes = [each.words for each in record.story_page(holder.customer_id) if each.kind == "care.note_added"]
    assert why in notes


@TAKEN_AWAY
def test_a_credit_that_is_missing_again_is_found_again_with_its_case(take_away: Callable[..., None]) -> None:
    holder = a_holder()
    credit = granted(holder)
    take_away(*missed_on(holder, 2))
    (again,) = missed_on(holder, 3)
    credit.refresh_from_db()
    finding = Finding.objects.get()
    assert (credit.missed_bills, finding.state, finding.bill_number) == (1, "case", again.number)
    assert (finding.words, finding.case_id) == ("", Case.objects.get().pk)


def test_nobody_reads_a_note_on_a_case_that_is_solved() -> None:
    holder = a_holder()
    granted(holder)
    bills = missed_on(holder, 2)
    care.solve_case(case_id=Case.objects.get().pk, by=SYSTEM, at=NOW, note="")
    withdrawn(*bills)
    assert Finding.objects.get().state == "dismissed"
    assert moments(holder, "care.note_added") == 0


def test_a_credit_that_stood_on_a_bill_that_is_gone_is_missing_on_no_bill_since() -> None:
    holder = a_holder()
    credit = granted(holder)
    missed_on(holder, 2)
    brought = a_bill(holder, on_bill(1499), on=month(3))
    check()
    missed_on(holder, 4)
    withdrawn(brought)
    credit.refresh_from_db()
    assert (credit.state, credit.missed_bills, Finding.objects.get().state) == ("granted", 1, "case")
