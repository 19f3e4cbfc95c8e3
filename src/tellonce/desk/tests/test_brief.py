"""The brief: three to six lines, the gravest first, from a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tellonce.desk.brief import FEWEST_LINES, MOST_LINES, Tone, brief
from tellonce.desk.known import gather
from tellonce.desk.reasons import Likely
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries
from tellonce.modules.network import actions as network
from tellonce.modules.record import actions as record
from tellonce.modules.record.contracts import FlagKind, ServiceKind
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import NOW, a_case, a_contact, a_customer, a_matter, a_person, a_promise

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def words_of(customer_id: int) -> dict[str, str]:
    return {line.label: f"{line.strong} {line.words}" for line in brief(customer_id, NOW).lines}


def test_a_life_line_stands_before_everything() -> None:
    customer = a_customer(at=NOW - 90 * DAY)
    a_case(customer=customer, at=NOW - 2 * DAY)
    record.set_flag(customer_id=customer.pk, kind=FlagKind.LIFE_LINE, reason="a heart monitor", by=SYSTEM, at=NOW - DAY)
    first = brief(customer.pk, NOW).lines[0]
    assert (first.tone, first.strong, first.words) == (Tone.FLAG, "Life-line", "a heart monitor")


def test_what_we_owe_says_by_when_who_promised_and_how_many_more() -> None:
    customer, sam = a_customer(at=NOW - 90 * DAY), a_person(name="Sam Ortiz")
    for hours in (3, 30):
        a_promise(customer=customer, what="Call", due_at=NOW + timedelta(hours=hours), by=sam.as_actor(), at=NOW - DAY)
    owed = next(line for line in brief(customer.pk, NOW).lines if line.tone is Tone.OWE)
    assert owed.strong == "Call by 18:00"
    assert owed.words == "promised by Sam Ortiz, yesterday 15:00; and 1 more"
    assert owed.aside == "due today"


def test_a_broken_promise_says_how_late_it_is() -> None:
    customer = a_customer(at=NOW - 90 * DAY)
    a_promise(customer=customer, what="Call", due_at=NOW - timedelta(minutes=40), at=NOW - DAY)
    care.break_overdue_promises(at=NOW)
    owed = next(line for line in brief(customer.pk, NOW).lines if line.tone is Tone.OWE)
    assert (owed.strong, owed.aside) == ("Call, was due 14:20", "40 min late")


def test_the_contact_that_just_began_is_no_cost() -> None:
    customer, dana = a_customer(at=NOW - 90 * DAY), a_person()
    contact = a_contact(customer=customer, taken_by=dana, at=NOW - timedelta(minutes=2))
    lines = brief(customer.pk, NOW, queries.contact(contact.pk)).lines
    assert all("contact" not in line.words for line in lines)


def test_earlier_contacts_are_counted_with_what_they_cost() -> None:
    customer, dana = a_customer(at=NOW - 90 * DAY), a_person()
    contact = a_contact(customer=customer, taken_by=dana, at=NOW - 3 * DAY)
    care.tell_again(contact_id=contact.pk, by=dana.as_actor(), at=NOW - 3 * DAY)
    care.end_contact(contact_id=contact.pk, by=dana.as_actor(), at=NOW - 3 * DAY, matter_id=a_matter())
    assert words_of(customer.pk)["It has cost them"].strip() == "1 contact, told again once"


def test_a_quiet_customer_has_a_brief_too() -> None:
    customer = a_customer(at=NOW - 400 * DAY, since=(NOW - 400 * DAY).date())
    record.add_service(
        customer_id=customer.pk, kind=ServiceKind.INTERNET, plan="Fibre 300", by=SYSTEM, at=NOW - 400 * DAY
    )
    words = words_of(customer.pk)
    assert "nothing open" in words["All quiet"]
    assert "Fibre 300" in words["They have"]


def test_lines_stay_few_and_queries_fixed() -> None:
    quiet, busy = a_customer(at=NOW - 90 * DAY), a_customer(at=NOW - 90 * DAY, since=(NOW - 90 * DAY).date())
    for kind in (FlagKind.LIFE_LINE, FlagKind.STAFF_SAFETY, FlagKind.DO_NOT_CALL):
        record.set_flag(customer_id=busy.pk, kind=kind, reason="so", by=SYSTEM, at=NOW - 2 * DAY)
    for number in range(6):
        a_case(customer=busy, title=f"case {number}", at=NOW - 3 * DAY)
        a_promise(customer=busy, due_at=NOW + DAY, at=NOW - DAY)
    brief(quiet.pk, NOW)  # the model and the names of matters are read once a minute
    with CaptureQueriesContext(connection) as few:
        brief(quiet.pk, NOW)
    with CaptureQueriesContext(connection) as many:
        lines = brief(busy.pk, NOW).lines
    assert FEWEST_LINES <= len(lines) <= MOST_LINES
    assert len(many) == len(few)


def test_an_outage_is_known_to_those_who_have_what_it_took() -> None:
    node = record.add_area(kind="region", name="West", code="W", parent_id=None)
    watching, surfing = a_customer(at=NOW - 90 * DAY), a_customer(at=NOW - 90 * DAY)
    for customer, kind in ((watching, ServiceKind.TV), (surfing, ServiceKind.INTERNET)):
        premise = record.add_premise(line=f"{customer.pk} Juniper Court", area_id=node.pk)
        record.move_in(customer_id=customer.pk, premise_id=premise.pk, by=SYSTEM, at=NOW - 90 * DAY)
        record.add_service(customer_id=customer.pk, kind=kind, plan="One", by=SYSTEM, at=NOW - 90 * DAY)
    network.report_outage(
        area_id=node.pk,
        kind="lost",
        began_at=NOW - timedelta(hours=1),
        expected_until=None,
        cause="",
        service_kinds=[ServiceKind.TV],
        by=SYSTEM,
        at=NOW,
    )
    assert len(gather(customer_id=watching.pk, at=NOW).outages) == 1
    assert not gather(customer_id=surfing.pk, at=NOW).outages


def test_what_is_hardly_likely_is_not_said_as_if_it_were(monkeypatch: pytest.MonkeyPatch) -> None:
    guesses = [Likely(matter_id=n, name=name, probability=p) for n, name, p in _GUESSES]
    monkeypatch.setattr("tellonce.desk.known.likely", lambda **_known: guesses)
    customer = a_customer(at=NOW - 90 * DAY)
    why = next(line for line in brief(customer.pk, NOW).lines if line.tone is Tone.WHY)
    assert (why.label, why.strong, why.words) == ("Could be about", "No internet", "or A bill, Moving")


_GUESSES = ((1, "No internet", 0.12), (2, "A bill", 0.11), (3, "Moving", 0.05))
