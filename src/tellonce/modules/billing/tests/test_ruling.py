"""Credits by rule: the share of an outage, a broken promise; once each, and within what the rule grants alone."""

from datetime import timedelta

import pytest

from tellonce.modules.billing import actions
from tellonce.modules.billing.contracts import BadCreditError
from tellonce.modules.billing.contracts.limits import Rule
from tellonce.modules.billing.models import Credit
from tellonce.modules.billing.tests.making import Holder, a_holder
from tellonce.modules.care import actions as care
from tellonce.modules.network import actions as network
from tellonce.modules.record import actions as record
from tellonce.modules.record import queries as record_queries
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import NOW, a_person, a_promise

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def an_area() -> int:
    region = record.add_area(kind="region", name="North", code="N")
    return record.add_area(kind="area", name="Lakeside", code="N-L", parent_id=region.pk).pk


def lives(area_id: int, *, price_minor: int = 72_00, kind: str = "internet") -> Holder:
    holder = a_holder()
    premise = record.add_premise(line="1 Main St", area_id=area_id)
    record.move_in(customer_id=holder.customer_id, premise_id=premise.pk, by=SYSTEM, at=NOW)
    record.add_service(
        customer_id=holder.customer_id,
        kind=kind,
        plan="Fibre",
        price_minor=price_minor,
        account_id=holder.account_id,
        by=SYSTEM,
        at=NOW,
    )
    return holder


def an_outage(area_id: int, *, hours: float, kind: str = "lost", at: timedelta = timedelta()) -> None:
    began_at = NOW - timedelta(days=1) + at
    outage = network.report_outage(
        area_id=area_id, kind=kind, began_at=began_at, expected_until=None, cause="", by=SYSTEM, at=began_at
    )
    network.end_outage(outage_id=outage.pk, by=SYSTEM, at=began_at + timedelta(hours=hours))


def test_everybody_concerned_gets_the_share_of_the_month_once() -> None:
    area = an_area()
    holders = [lives(area), lives(area, price_minor=144_00)]
    elsewhere = a_holder()
    an_outage(area, hours=10)
    assert actions.credit_by_rule(at=NOW) == 2
    assert actions.credit_by_rule(at=NOW + HOUR) == 0
    given = {credit.account_id: (credit.amount_minor, credit.state) for credit in Credit.objects.all()}
    assert given == {holders[0].account_id: (100, "granted"), holders[1].account_id: (200, "granted")}
    assert elsewhere.account_id not in given
    kinds = [moment.kind for moment in record_queries.story_page(holders[0].customer_id)]
    assert kinds.count("care.message_written") == kinds.count("billing.credit_granted") == 1


@pytest.mark.parametrize(
    ("outage", "why"),
    [
        ({"hours": 3.9}, "too short"),
        ({"hours": 10, "kind": "degraded"}, "not lost"),
        ({"hours": 10, "at": -timedelta(days=5)}, "long ago"),
    ],
)
def test_what_no_rule_speaks_of(outage: dict[str, object], why: str) -> None:
    area = an_area()
    lives(area)
    an_outage(area, **outage)  # type: ignore[arg-type]
    assert actions.credit_by_rule(at=NOW) == 0, why


def test_what_is_above_the_rule_waits_for_a_person_and_off_is_off() -> None:
    area = an_area()
    lives(area)
    an_outage(area, hours=10)
    boss = a_person(role="administrator").as_actor()
    actions.set_rule(reason="outage", currency="USD", rule=Rule(is_on=False), by=boss, at=NOW)
    assert actions.credit_by_rule(at=NOW) == 0
    actions.set_rule(reason="outage", currency="USD", rule=Rule(granted_minor=99), by=boss, at=NOW)
    assert actions.credit_by_rule(at=NOW) == 1
    assert Credit.objects.get().state == "asked"
    with pytest.raises(BadCreditError):
        actions.set_rule(reason="goodwill", currency="USD", rule=Rule(), by=boss, at=NOW)


def test_a_broken_promise_that_a_person_made() -> None:
    holder = a_holder()
    customer = record_queries.customer(holder.customer_id)
    person = a_person().as_actor()
    for by in (person, SYSTEM):
        a_promise(customer=customer, due_at=NOW + HOUR, by=by)
    care.break_overdue_promises(at=NOW + 2 * HOUR)
    assert actions.credit_by_rule(at=NOW + 2 * HOUR) == 1
    assert actions.credit_by_rule(at=NOW + 3 * HOUR) == 0
    credit = Credit.objects.get()
    assert (credit.reason, credit.amount_minor, credit.state) == ("broken_promise", 500, "granted")
