"""Told within the hour: when the letter was handed over to the mail, and not when it was written."""

from datetime import timedelta

import pytest
from django.test import Client

from tellonce.modules.billing import actions
from tellonce.modules.billing.models import WatchCheck
from tellonce.modules.billing.queries.pages_fixes import UNTOLD, came_back
from tellonce.modules.billing.queries.scope import Scope
from tellonce.modules.billing.queries.told import ToldInTime, told_in_time
from tellonce.modules.billing.tests.making import RENT, Line, a_bill, a_holder, charge
from tellonce.modules.billing.tests.test_disputes import FIRST, dana, matters
from tellonce.modules.record import story
from tellonce.modules.record.contracts import DeliveryState
from tests.factories import NOW, a_person

pytestmark = pytest.mark.django_db
__all__ = ["matters"]
BACK_ON = (NOW + timedelta(days=2)).date()
CAME_IN = NOW + timedelta(days=2)


def came_again(*lines: Line) -> list[WatchCheck]:
    """A bill with what was taken off, answered within minutes."""
    holder, by, lines = a_holder(), dana(), lines or (Line(RENT),)
    bill = a_bill(holder, *lines, on=FIRST)
    asked = [actions.LineAsked(charge(bill, place)) for place in range(1, len(lines) + 1)]
    dispute = actions.raise_dispute(customer_id=holder.customer_id, lines=asked, words="", by=by, at=NOW)
    actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="Wrong.", by=by, at=NOW)
    a_bill(holder, *lines, on=BACK_ON, received_at=CAME_IN)
    actions.check_bills(at=CAME_IN + timedelta(minutes=2))
    actions.answer_what_came_back(at=CAME_IN + timedelta(minutes=4))
    return list(WatchCheck.objects.filter(customer_id=holder.customer_id))


def delivery(check: WatchCheck, state: DeliveryState, *, after: timedelta) -> None:
    assert check.letter_to is not None
    assert check.letter_id is not None
    story.mark_delivery(customer_id=check.letter_to, moment_id=check.letter_id, state=state, at=CAME_IN + after)


def now(after: timedelta = timedelta(minutes=10)) -> ToldInTime:
    return told_in_time(at=CAME_IN + after)


def test_a_letter_that_is_written_has_told_nobody() -> None:
    (check,) = came_again()
    assert now() == ToldInTime(bills=1, waiting=1)
    assert now(timedelta(minutes=61)) == ToldInTime(bills=1, waiting=1, overdue=1)
    (row,) = came_back(outcome=UNTOLD, limit=9)
    assert (row.is_answered, row.letter.state, row.letter.after_s) == (True, "waiting", None)
    delivery(check, DeliveryState.SENT, after=timedelta(minutes=50))
    assert now() == ToldInTime(bills=1, in_time=1)
    assert came_back(outcome=UNTOLD, limit=9) == []
    assert came_back(limit=9)[0].letter.after_s == 3000.0


def test_one_that_was_sent_after_the_hour_is_late() -> None:
    (check,) = came_again()
    delivery(check, DeliveryState.SENT, after=timedelta(minutes=61))
    assert now() == ToldInTime(bills=1, late=1)


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.NO_ADDRESS])
def test_one_that_cannot_be_sent_stands_there(state: DeliveryState) -> None:
    (check,) = came_again()
    delivery(check, state, after=timedelta(minutes=5))
    found = now()
    assert found == ToldInTime(bills=1, failed=1)
    assert came_back(outcome=UNTOLD, limit=9)[0].letter.state == "failed"


def test_two_lines_on_one_bill_are_one_letter() -> None:
    first, second = came_again(Line(RENT), Line("TV", 500))
    assert first.letter_id == second.letter_id
    delivery(first, DeliveryState.SENT, after=timedelta(minutes=5))
    assert now() == ToldInTime(bills=1, in_time=1)


def test_of_what_was_answered_before_letters_were_kept_nothing_is_said() -> None:
    came_again()
    WatchCheck.objects.update(letter_id=None, letter_to=None)
    assert now() == ToldInTime()
    assert came_back(limit=9)[0].letter.state == "unknown"
    assert came_back(outcome=UNTOLD, limit=9) == []


def test_what_is_not_answered_yet_is_not_told_and_a_period_narrows_it() -> None:
    came_again()
    WatchCheck.objects.update(letter_id=None, letter_to=None, answered_at=None, credit=None)
    assert now() == ToldInTime(bills=1, waiting=1)
    assert told_in_time(Scope(since=BACK_ON + timedelta(days=1)), at=CAME_IN) == ToldInTime()


def test_the_page_says_it(client: Client) -> None:
    client.force_login(a_person(role="supervisor"))
    (check,) = came_again()
    page = client.get("/bills").content.decode()
    assert "0 of 1" in page
    assert "1 not sent yet" in page
    assert "the letter is written and not sent yet" in page
    delivery(check, DeliveryState.SENT, after=timedelta(minutes=9))
    assert "told 9 min after the bill came in" in client.get("/bills").content.decode()
    delivery(check, DeliveryState.FAILED, after=timedelta(minutes=9))
    assert "no letter reached them" in client.get("/bills?tab=back&show=untold").content.decode()
