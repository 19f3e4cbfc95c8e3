"""The watch: every later bill is checked once, what came back is answered once, and a watch ends after twelve."""

from datetime import date, timedelta

import pytest

from tellonce.modules.billing import actions, tasks
from tellonce.modules.billing.contracts import AlreadyDisputedError, BadWatchError
from tellonce.modules.billing.models import Bill, BillingOrder, Charge, Credit, Finding, Watch, WatchCheck
from tellonce.modules.billing.tests.making import RENT, Holder, Line, a_bill, a_holder, charge
from tellonce.modules.care import actions as care
from tellonce.modules.care.models import Case
from tellonce.modules.record import queries as record
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import NOW, a_matter, a_person

pytestmark = pytest.mark.django_db
FIRST = date(2026, 2, 1)
BOX = Line(words="Box rental")
TV = Line(code="TV-L", amount_minor=5900, words="TV large")


@pytest.fixture(autouse=True)
def matters() -> None:
    a_matter("billing.wrong")


def month(number: int) -> date:
    """The day of the bill that many months after the first."""
    years, months = divmod(FIRST.month - 1 + number, 12)
    return FIRST.replace(year=FIRST.year + years, month=months + 1)


def put_right(holder: Holder, *lines: Line) -> Watch:
    """A dispute about the first line of the first bill, upheld on 2 March."""
    bill = a_bill(holder, *(lines or (BOX, TV)), on=FIRST)
    by = a_person(permission_sets=["billing_care"]).as_actor()
    dispute = actions.raise_dispute(
        customer_id=holder.customer_id, lines=[actions.LineAsked(charge(bill))], words="", by=by, at=NOW
    )
    actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="No box was sent.", by=by, at=NOW)
    check()
    return Watch.objects.get(dispute=dispute)


def check(*, after: timedelta = timedelta()) -> int:
    checked = actions.check_bills(at=NOW + after)
    actions.answer_what_came_back(at=NOW + after)
    return checked


def outcomes() -> list[str]:
    return list(WatchCheck.objects.order_by("issued_on").values_list("outcome", flat=True))


def moments(holder: Holder, kind: str) -> int:
    return sum(moment.kind == kind for moment in record.story_page(holder.customer_id, limit=500))


def test_the_disputed_bill_itself_is_not_a_reappearance() -> None:
    put_right(a_holder())
    assert outcomes() == []
    assert Bill.objects.filter(checked_at__isnull=True).count() == 0


def test_it_came_back_credited_reopened_told_and_counted_once() -> None:
    holder = a_holder(mail="maria@example.net")
    watch = put_right(holder)
    case = Case.objects.get()
    a_bill(holder, TV, on=month(2), number="B-CLEAN")
    a_bill(holder, TV, BOX, on=month(3), number="B-AGAIN")
    assert check(after=timedelta(days=60)) == 2
    assert check() == 0
    watch.refresh_from_db()
    case.refresh_from_db()
    assert outcomes() == ["clean", "came_back"]
    assert (watch.clean_bills, watch.came_back, watch.held, watch.state) == (0, 1, 0, "watching")
    assert (case.state, case.reopened) == ("open", 1)
    again = Credit.objects.get(reason="came_back")
    assert (again.state, again.amount_minor, again.asked_by_name) == ("granted", 1499, SYSTEM.name)
    letter = record.story_page(holder.customer_id, limit=500)[0:9]
    words = next(moment.words for moment in letter if moment.kind == "care.message_written")
    assert "B-AGAIN" in words
    assert "14.99 USD" in words
    assert moments(holder, "billing.charge_came_back") == 1
    assert BillingOrder.objects.filter(kind="stop_line").count() == 2


def test_a_case_that_was_closed_long_ago_is_reopened_too() -> None:
    holder = a_holder()
    put_right(holder)
    case = Case.objects.get()
    care.close_case(case_id=case.pk, by=SYSTEM, at=NOW + timedelta(days=31))
    a_bill(holder, BOX, on=month(6))
    check(after=timedelta(days=150))
    case.refresh_from_db()
    assert (case.state, case.reopened, case.closed_at) == ("open", 1, None)


def test_more_than_was_disputed_is_credited_up_to_it_and_the_rest_is_for_a_person() -> None:
    holder = a_holder()
    put_right(holder)
    a_bill(holder, Line(amount_minor=2999, words="Box rental"), on=month(2))
    check()
    assert Credit.objects.get(reason="came_back").amount_minor == 1499
    words = " ".join(moment.words for moment in record.story_page(holder.customer_id, limit=500))
    assert "29.99 USD; 14.99 USD of it is credited. Decide the rest" in words


def test_two_watches_on_one_line_credit_it_once_with_one_letter() -> None:
    holder = a_holder()
    put_right(holder)
    actions.begin_watch(
        customer_id=holder.customer_id,
        account_id=holder.account_id,
        rule=actions.WatchRule(pattern="box*"),
        words="Anything of a box",
        limit_minor=5000,
        currency="USD",
        since=month(1),
        by=SYSTEM,
        at=NOW,
    )
    letters = moments(holder, "care.message_written")
    bill = a_bill(holder, BOX, on=month(2))
    check()
    assert Credit.objects.filter(reason="came_back").count() == 1
    assert moments(holder, "billing.charge_came_back") == 2
    assert moments(holder, "care.message_written") == letters + 1
    with pytest.raises(AlreadyDisputedError):
        actions.raise_dispute(
            customer_id=holder.customer_id, lines=[actions.LineAsked(charge(bill))], words="", by=SYSTEM, at=NOW
        )


@pytest.mark.parametrize(
    ("line", "fits"),
    [
        (Line(), True),
        (Line(words="something else"), True),
        (Line(code="RENT-BOX2"), False),
        (Line(amount_minor=-1499), False),
        (Line(kind="credit", amount_minor=1499), False),
        (Line(kind="tax", amount_minor=1499), False),
        (Line(amount_minor=1), True),
    ],
)
def test_which_lines_fit_a_code(line: Line, fits: bool) -> None:
    holder = a_holder()
    put_right(holder)
    a_bill(holder, line, on=month(2))
    check()
    assert outcomes() == ["came_back" if fits else "clean"]


@pytest.mark.parametrize(
    ("rule", "line", "fits"),
    [
        ({"pattern": "box_rent*"}, Line(words="BOX_RENTAL"), True),
        ({"pattern": "box_rent*"}, Line(words="boxarental"), False),
        ({"pattern": "*100%*"}, Line(words="now 100% wrong"), True),
        ({"pattern": "*100%"}, Line(words="now 100 wrong"), False),
        ({"pattern": "*a\\b*"}, Line(words="x a\\b y"), True),
        ({"product": "TV", "amount_from_minor": 1500}, Line(product="TV"), False),
        ({"product": "TV", "amount_from_minor": 1499, "amount_until_minor": 1499}, Line(product="TV"), True),
        ({"product": "TV", "amount_until_minor": 1498}, Line(product="TV"), False),
        ({"device_serial": "S1"}, Line(device_serial="S1"), True),
        ({"device_serial": "S1"}, Line(device_serial="S2"), False),
        ({"service_id": 7}, Line(service_id=7), True),
        ({"service_id": 7}, Line(service_id=8), False),
        ({"service_id": 7}, Line(), True),  # whose service is not known
    ],
)
def test_which_lines_fit_a_rule(rule: dict[str, object], line: Line, fits: bool) -> None:
    holder = a_holder()
    actions.begin_watch(
        customer_id=holder.customer_id,
        account_id=holder.account_id,
        rule=actions.WatchRule(**rule),  # type: ignore[arg-type]
        words="what",
        limit_minor=0,
        currency="USD",
        since=FIRST,
        by=SYSTEM,
        at=NOW,
    )
    a_bill(holder, line, on=month(1))
    check()
    assert outcomes() == ["came_back" if fits else "clean"]
    assert not Credit.objects.exists()


@pytest.mark.parametrize("rule", [{}, {"pattern": " ** "}, {"amount_from_minor": 1}])
def test_a_watch_looks_for_something(rule: dict[str, object]) -> None:
    holder = a_holder()
    with pytest.raises(BadWatchError):
        actions.begin_watch(
            customer_id=holder.customer_id,
            account_id=holder.account_id,
            rule=actions.WatchRule(**rule),  # type: ignore[arg-type]
            words="",
            limit_minor=0,
            currency="USD",
            since=FIRST,
            by=SYSTEM,
            at=NOW,
        )


def test_of_two_of_the_same_only_the_second_comes_back() -> None:
    holder = a_holder()
    put_right(holder, BOX, BOX)
    a_bill(holder, BOX, on=month(2))
    a_bill(holder, BOX, BOX, on=month(3))
    check()
    assert outcomes() == ["clean", "came_back"]
    assert Credit.objects.get(reason="came_back").amount_minor == 1499


def test_a_watch_ends_after_twelve_clean_bills_in_a_row_and_not_before() -> None:
    holder = a_holder()
    watch = put_right(holder)
    for number in range(1, 6):
        a_bill(holder, TV, on=month(number))
    a_bill(holder, BOX, on=month(6))
    for number in range(7, 18):
        a_bill(holder, TV, on=month(number))
    check()
    watch.refresh_from_db()
    assert (watch.clean_bills, watch.state) == (11, "watching")
    a_bill(holder, TV, on=month(18))
    check()
    watch.refresh_from_db()
    assert (watch.clean_bills, watch.state) == (12, "ended")
    assert moments(holder, "billing.watch_ended") == 1
    a_bill(holder, BOX, on=month(19))
    check()
    assert WatchCheck.objects.filter(outcome="came_back").count() == 1


def test_bills_out_of_order_count_by_their_date() -> None:
    holder = a_holder()
    watch = put_right(holder)
    for number in (5, 4, 3):
        a_bill(holder, TV, on=month(number))
        check()
    a_bill(holder, BOX, on=month(2))
    check()
    watch.refresh_from_db()
    assert (watch.clean_bills, watch.came_back, watch.last_bill_on) == (3, 1, month(5))


def test_asked_first_the_line_is_held_and_nobody_saw_it() -> None:
    holder = a_holder()
    watch = put_right(holder)
    bill = a_bill(holder, TV, BOX, on=month(2), state="asked")
    assert check() == 0
    for _ in range(2):
        (held,) = actions.check_bill(bill_id=bill.id, customer_id=holder.customer_id, at=NOW)
        assert (held.line, held.code, held.amount_minor, held.watch_id) == (2, RENT, 1499, watch.pk)
    watch.refresh_from_db()
    assert (watch.held, watch.came_back) == (1, 0)
    assert moments(holder, "billing.charge_held") == 1
    assert not Credit.objects.filter(reason="came_back").exists()


@pytest.mark.parametrize(("sent", "outcome", "counts"), [((TV,), "held", (1, 0)), ((TV, BOX), "came_back", (0, 1))])
def test_a_bill_that_was_asked_about_and_then_sent(
    sent: tuple[Line, ...], outcome: str, counts: tuple[int, int]
) -> None:
    holder = a_holder()
    watch = put_right(holder)
    bill = a_bill(holder, TV, BOX, on=month(2), state="asked", number="B-ASKED")
    actions.check_bill(bill_id=bill.id, customer_id=holder.customer_id, at=NOW)
    Charge.objects.filter(bill_id=bill.id).delete()
    bill.delete()
    a_bill(holder, *sent, on=month(2), number="B-ASKED")
    check()
    watch.refresh_from_db()
    assert outcomes() == [outcome]
    assert (watch.held, watch.came_back) == counts
    assert Credit.objects.filter(reason="came_back").exists() == (outcome == "came_back")


def test_nothing_to_hold() -> None:
    holder = a_holder()
    put_right(holder)
    bill = a_bill(holder, TV, on=month(2), state="asked")
    assert actions.check_bill(bill_id=bill.id, customer_id=holder.customer_id, at=NOW) == ()
    assert outcomes() == []


def test_the_job_checks_and_answers_in_batches() -> None:
    holder = a_holder()
    put_right(holder)
    for number in range(2, 9):
        a_bill(holder, BOX if number % 2 else TV, on=month(number))
    assert actions.check_bills(at=NOW, batch=2) == 7
    assert tasks.check_new_bills() == 0
    assert Credit.objects.filter(reason="came_back").count() == 3
    assert WatchCheck.objects.filter(outcome="came_back", answered_at__isnull=True).count() == 0


def test_a_customer_who_is_no_more_here_holds_nobody_up() -> None:
    gone, here = a_holder(), a_holder()
    for holder in (gone, here):
        put_right(holder)
        a_bill(holder, BOX, on=month(2))
    Customer.objects.filter(pk=gone.customer_id).update(hidden_at=NOW)
    check()
    assert WatchCheck.objects.filter(outcome="came_back", answered_at__isnull=True).count() == 0
    assert moments(here, "billing.charge_came_back") == 1


def granted(holder: Holder, amount_minor: int = 1499) -> Credit:
    return actions.give_credit(
        customer_id=holder.customer_id,
        account_id=holder.account_id,
        amount_minor=amount_minor,
        currency="USD",
        reason="goodwill",
        by=SYSTEM,
        at=NOW,
        is_granted=True,
    )


def on_bill(amount_minor: int, words: str = "Credit", **more: object) -> Line:
    return Line(code="CREDIT", kind="credit", amount_minor=-amount_minor, words=words, **more)  # type: ignore[arg-type]


def test_a_credit_arrives_by_its_amount() -> None:
    holder = a_holder()
    credit = granted(holder)
    bill = a_bill(holder, TV, on_bill(1399, tax_minor=-100), on=month(2), number="B-C")
    check()
    credit.refresh_from_db()
    assert (credit.state, credit.bill_id, credit.seen_on) == ("on_bill", bill.id, month(2))
    assert moments(holder, "billing.credit_seen") == 1


def test_credits_arrive_by_reference_each_in_its_line_or_all_in_one() -> None:
    holder, other = a_holder(), a_holder()
    first, second = granted(holder), granted(holder)
    third, fourth = granted(other, 500), granted(other, 700)
    a_bill(holder, on_bill(1499, f"Credit TO-{second.pk}1"), on_bill(1499, f"(TO-{first.pk})"), on=month(2))
    a_bill(other, on_bill(1200), on=month(2))
    check()
    for credit in (first, second, third, fourth):
        credit.refresh_from_db()
        assert credit.state == "on_bill"
    assert first.charge_id != second.charge_id
    assert third.charge_id == fourth.charge_id


def test_one_line_is_not_two_credits() -> None:
    holder = a_holder()
    granted(holder)
    granted(holder)
    a_bill(holder, on_bill(1499), on=month(2))
    check()
    assert sorted(Credit.objects.values_list("state", flat=True)) == ["granted", "on_bill"]


def test_a_credit_that_the_next_bill_lacks_is_a_finding_and_a_case_once() -> None:
    holder = a_holder()
    credit = granted(holder)
    a_bill(holder, TV, on=NOW.date() + timedelta(days=2))  # was made already as the credit was granted
    check()
    assert not Finding.objects.exists()
    for number in (2, 3):
        a_bill(holder, TV, on=month(number))
        check()
    finding = Finding.objects.get()
    credit.refresh_from_db()
    assert (finding.kind, finding.state, finding.amount_minor) == ("credit_missing", "case", 1499)
    assert (credit.missed_bills, credit.state) == (2, "granted")
    assert Case.objects.count() == 1
    a_bill(holder, on_bill(1499), on=month(4))
    check()
    credit.refresh_from_db()
    assert credit.state == "on_bill"


def test_a_bill_that_was_taken_back_was_not_clean_and_gave_nothing_back() -> None:
    holder = a_holder()
    watch = put_right(holder)
    credit = granted(holder, 500)
    back = Line(code="CR", kind="credit", amount_minor=-500, words=f"Credit TO-{credit.pk}")
    bill = a_bill(holder, back, on=date(2026, 4, 1))
    actions.check_bills(at=NOW)
    watch.refresh_from_db()
    credit.refresh_from_db()
    assert (watch.clean_bills, credit.state) == (1, "on_bill")
    actions.withdraw_bills([(bill.customer_id, str(bill.id))], by=SYSTEM, at=NOW, import_id=None)
    watch.refresh_from_db()
    credit.refresh_from_db()
    assert (watch.clean_bills, credit.state, credit.bill_id) == (0, "granted", None)


def test_a_credit_that_arrives_in_parts_is_due_until_all_of_it_is_there() -> None:
    holder = a_holder()
    credit = granted(holder, 5000)
    words = f"Credit TO-{credit.pk}"
    a_bill(holder, Line(code="CR", kind="credit", amount_minor=-1, words=words), on=date(2026, 4, 1))
    actions.check_bills(at=NOW)
    credit.refresh_from_db()
    assert (credit.state, credit.arrived_minor) == ("granted", 1)
    assert Finding.objects.get().amount_minor == 4999
    a_bill(holder, Line(code="CR", kind="credit", amount_minor=-4999), on=date(2026, 5, 1))
    actions.check_bills(at=NOW)
    credit.refresh_from_db()
    assert credit.state == "on_bill"
