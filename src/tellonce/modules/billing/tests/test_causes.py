"""Causes: every account on which the error stands, and the correction that credits each of them exactly once."""

from datetime import date

import pytest

from tellonce.modules.billing import actions
from tellonce.modules.billing.actions import correcting, watching
from tellonce.modules.billing.contracts import (
    AlreadyDisputedError,
    BadCauseError,
    CorrectionStateError,
    SecondPersonError,
)
from tellonce.modules.billing.models import Cause, CauseAccount, Correction, Credit, Dispute, Watch, WatchCheck
from tellonce.modules.billing.queries import causes as cause_queries
from tellonce.modules.billing.queries import pages_causes
from tellonce.modules.billing.tests.making import Holder, Line, a_bill, a_holder, charge
from tellonce.modules.record import actions as record
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.models import Area
from tellonce.modules.staff.contracts import SYSTEM, Actor
from tests.factories import NOW, a_matter, a_person

pytestmark = pytest.mark.django_db
FEE = Line(code="FEE-REG", amount_minor=300, tax_minor=30, kind="fee", words="Regional fee")


@pytest.fixture(autouse=True)
def matters() -> None:
    a_matter("billing.wrong")


def care() -> Actor:
    return a_person(name="Dana Reyes", permission_sets=["billing_care"]).as_actor()


def boss() -> Actor:
    return a_person(name="Sam Ortiz", role="manager").as_actor()


def a_cause(by: Actor, **more: object) -> Cause:
    rule = {"code": "FEE-REG", "first_on": date(2026, 1, 1), "currency": "USD"} | more
    return actions.open_cause(title="Regional fee charged twice", rule=actions.CauseRule(**rule), by=by, at=NOW)  # type: ignore[arg-type]


def charged(count: int, *months: int, line: Line = FEE) -> list[Holder]:
    holders = [a_holder() for _ in range(count)]
    for holder in holders:
        for month in months:
            a_bill(holder, line, Line(code="TV-L"), on=date(2026, month, 3))
    return holders


def disputed(holder: Holder, by: Actor) -> Dispute:
    bill_line = cause_queries.charge_ids(code="FEE-REG", account_id=holder.account_id)[0]
    return actions.raise_dispute(
        customer_id=holder.customer_id, lines=[actions.LineAsked(bill_line)], words="", by=by, at=NOW
    )


def run(cause: Cause, *, by: Actor, approved_by: Actor) -> Correction:
    asked = actions.ask_correction(cause_id=cause.pk, words="We charged a fee in error.", by=by, at=NOW)
    actions.approve_correction(correction_id=asked.pk, by=approved_by, at=NOW)
    actions.run_correction(correction_id=asked.pk, now=lambda: NOW)
    asked.refresh_from_db()
    return asked


def test_every_account_is_found_not_only_those_who_complained() -> None:
    by = care()
    holders = charged(3, 1, 2)
    charged(1, 1, line=Line(code="FEE-OTHER"))
    early = a_holder()
    a_bill(early, FEE, on=date(2025, 12, 3))
    asked = a_holder()
    a_bill(asked, FEE, on=date(2026, 2, 3), state="asked")
    dispute = disputed(holders[0], by)
    cause = a_cause(by)
    rows = {row.account_id: row for row in cause.accounts.all()}
    assert set(rows) == {holder.account_id for holder in holders}
    assert {(row.charges, row.amount_minor, row.repaid_minor) for row in rows.values()} == {(2, 660, 0)}
    assert [row.complained for row in rows.values()] == [True, False, False]
    dispute.refresh_from_db()
    assert dispute.cause_id == cause.pk


def test_only_the_wrong_part_with_its_share_of_tax() -> None:
    by = care()
    charged(1, 1, line=Line(code="FEE-REG", amount_minor=300, tax_minor=30))
    charged(1, 1, line=Line(code="FEE-REG", amount_minor=200, tax_minor=20))
    with pytest.raises(BadCauseError):
        a_cause(by, wrong_minor=100)
    cause = a_cause(by, wrong_minor=100, amount_from_minor=201)
    assert cause.accounts.get().amount_minor == 110


def test_an_area_with_all_below_it_and_those_who_moved_away() -> None:
    by = care()
    region = record.add_area(kind="region", name="North", code="N")
    area = record.add_area(kind="area", name="Lakeside", code="N-L", parent_id=region.pk)
    node = record.add_area(kind="node", name="Lakeside 4", code="N-L-4", parent_id=area.pk)
    there, gone, elsewhere = charged(3, 1)
    for holder in (there, gone):
        premise = record.add_premise(line="1 Main St", area_id=node.pk)
        record.move_in(customer_id=holder.customer_id, premise_id=premise.pk, by=SYSTEM, at=NOW)
        if holder is gone:
            record.move_out(customer_id=holder.customer_id, premise_id=premise.pk, by=SYSTEM, at=NOW)
    cause = a_cause(by, area_id=area.pk)
    assert set(cause.accounts.values_list("account_id", flat=True)) == {there.account_id, gone.account_id}
    assert elsewhere.account_id not in cause.accounts.values_list("account_id", flat=True)
    assert Area.objects.count() == 3


def test_two_persons_and_one_correction_at_a_time() -> None:
    by = care()
    charged(2, 1)
    cause = a_cause(by)
    asked = actions.ask_correction(cause_id=cause.pk, words="Sorry", by=by, at=NOW)
    assert (asked.accounts, asked.total_minor, asked.state) == (2, 660, "asked")
    with pytest.raises(CorrectionStateError):
        actions.ask_correction(cause_id=cause.pk, words="Sorry", by=boss(), at=NOW)
    for wrong in (by, SYSTEM):
        with pytest.raises(SecondPersonError):
            actions.approve_correction(correction_id=asked.pk, by=wrong, at=NOW)
    assert actions.run_correction(correction_id=asked.pk, now=lambda: NOW) == 0
    actions.refuse_correction(correction_id=asked.pk, by=boss(), at=NOW, why="Wait for the price book.")
    with pytest.raises(CorrectionStateError, match="Sam Ortiz"):
        actions.approve_correction(correction_id=asked.pk, by=boss(), at=NOW)
    assert not Credit.objects.exists()


def test_a_second_person_may_approve_no_credit_above_their_limit() -> None:
    by = care()
    charged(1, 1, line=Line(code="FEE-REG", amount_minor=600_00))
    asked = actions.ask_correction(cause_id=a_cause(by).pk, words="Sorry", by=by, at=NOW)
    with pytest.raises(SecondPersonError, match="600"):
        actions.approve_correction(correction_id=asked.pk, by=care(), at=NOW)


def test_an_account_is_not_taken_in_by_a_correction_that_was_reviewed_without_it() -> None:
    by = care()
    left, *_ = charged(2, 1)
    cause = a_cause(by)
    actions.leave_out(cause_id=cause.pk, account_id=left.account_id, why="They ordered it.", by=by, at=NOW)
    asked = actions.ask_correction(cause_id=cause.pk, words="Sorry", by=by, at=NOW)
    with pytest.raises(CorrectionStateError, match="reviewed"):
        actions.take_in(cause_id=cause.pk, account_id=left.account_id, by=by, at=NOW)
    actions.approve_correction(correction_id=asked.pk, by=boss(), at=NOW)
    assert actions.run_correction(correction_id=asked.pk, now=lambda: NOW) == 1
    actions.take_in(cause_id=cause.pk, account_id=left.account_id, by=by, at=NOW)
    assert not cause.accounts.exclude(left_out_why="").exists()


def test_300_accounts_are_credited_watched_and_told_once_each() -> None:
    by, second = care(), boss()
    holders = charged(300, 1, 2)
    left = holders[7]
    dispute = disputed(holders[0], by)
    cause = a_cause(by)
    actions.leave_out(cause_id=cause.pk, account_id=left.account_id, why="They ordered it.", by=by, at=NOW)
    correction = run(cause, by=by, approved_by=second)
    assert (correction.state, correction.done, correction.accounts) == ("done", 299, 299)
    assert actions.run_correction(correction_id=correction.pk, now=lambda: NOW) == 0
    dispute.refresh_from_db()
    assert dispute.state == "upheld"
    assert sum(Credit.objects.values_list("amount_minor", flat=True)) == 299 * 660
    assert {credit.state for credit in Credit.objects.all()} == {"granted"}
    assert Watch.objects.filter(cause=cause).count() == 299
    assert not CauseAccount.objects.filter(corrected_at__isnull=True).exclude(account_id=left.account_id).exists()
    story = [moment.kind for moment in record_queries.story_page(holders[1].customer_id)]
    assert [story.count(kind) for kind in ("billing.charge_corrected", "care.message_written")] == [1, 1]
    cause.refresh_from_db()
    assert cause.state == "confirmed"


def test_what_was_credited_already_is_not_credited_again() -> None:
    by, second = care(), boss()
    (holder,) = charged(1, 1, 2)
    dispute = disputed(holder, by)
    actions.decide_dispute(dispute_id=dispute.pk, verdict="upheld", reason="Wrong", by=by, at=NOW)
    assert Credit.objects.get().amount_minor == 660  # February came meanwhile
    a_bill(holder, FEE, on=date(2026, 3, 3))
    actions.check_bills(at=NOW)
    actions.answer_what_came_back(at=NOW)
    cause = a_cause(by)
    row = cause.accounts.get()
    assert (row.amount_minor, row.repaid_minor) == (990, 990)
    run(cause, by=by, approved_by=second)
    assert sum(Credit.objects.values_list("amount_minor", flat=True)) == 990
    assert WatchCheck.objects.filter(outcome="came_back").count() == 1


def test_killed_in_between_it_goes_on_and_two_runs_at_once_do_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    by, second = care(), boss()
    charged(5, 1)
    asked = actions.ask_correction(cause_id=a_cause(by).pk, words="Sorry", by=by, at=NOW)
    actions.approve_correction(correction_id=asked.pk, by=second, at=NOW)
    times = 0
    real = watching.begin_watch

    class Killed(BaseException):
        pass

    def dies(**more: object) -> Watch:
        nonlocal times
        times += 1
        if times == 3:
            raise Killed
        return real(**more)  # type: ignore[arg-type]

    monkeypatch.setattr(correcting, "begin_watch", dies)
    with pytest.raises(Killed):
        actions.run_correction(correction_id=asked.pk, now=lambda: NOW)
    assert Credit.objects.count() == Watch.objects.count() == 2
    actions.run_correction(correction_id=asked.pk, now=lambda: NOW)
    asked.refresh_from_db()
    assert (asked.state, asked.done) == ("done", 5)
    assert Credit.objects.count() == Watch.objects.count() == 5


def test_an_account_that_fails_keeps_no_other_from_its_correction(monkeypatch: pytest.MonkeyPatch) -> None:
    by, second = care(), boss()
    first, *_ = charged(3, 1)
    asked = actions.ask_correction(cause_id=a_cause(by).pk, words="Sorry", by=by, at=NOW)
    actions.approve_correction(correction_id=asked.pk, by=second, at=NOW)
    real = watching.begin_watch

    def fails(**more: object) -> Watch:
        if more["account_id"] == first.account_id:
            raise ValueError
        return real(**more)  # type: ignore[arg-type]

    monkeypatch.setattr(correcting, "begin_watch", fails)
    with pytest.raises(ExceptionGroup):
        actions.run_correction(correction_id=asked.pk, now=lambda: NOW)
    assert Credit.objects.count() == 2
    monkeypatch.undo()
    assert actions.run_correction(correction_id=asked.pk, now=lambda: NOW) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.done, Credit.objects.count()) == ("done", 3, 3)


def test_who_complained_of_a_part_gets_the_part_and_a_right_bill_does_not_come_back() -> None:
    by, second = care(), boss()
    complained, quiet = charged(2, 2, line=Line(code="FEE-REG", amount_minor=1499, tax_minor=150))
    dispute = disputed(complained, by)
    run(a_cause(by, amount_from_minor=1499, wrong_minor=500), by=by, approved_by=second)
    given = dict(Credit.objects.values_list("account_id", "amount_minor"))
    assert given == {complained.account_id: 550, quiet.account_id: 550}
    dispute.refresh_from_db()
    assert (dispute.state, dispute.granted_minor) == ("partly", 550)
    for holder in (complained, quiet):
        a_bill(holder, Line(code="FEE-REG", amount_minor=999, tax_minor=100), on=date(2026, 4, 1))
    actions.check_bills(at=NOW)
    assert not WatchCheck.objects.filter(outcome="came_back").exists()
    a_bill(complained, Line(code="FEE-REG", amount_minor=1499, tax_minor=150), on=date(2026, 5, 1))
    actions.check_bills(at=NOW)
    actions.answer_what_came_back(at=NOW)
    assert Credit.objects.get(reason="came_back").amount_minor == 550


def test_other_lines_of_a_dispute_are_for_a_person_to_decide() -> None:
    by, second = care(), boss()
    holder = a_holder()
    bill = a_bill(holder, FEE, Line(code="LATE", amount_minor=250, kind="fee"), on=date(2026, 2, 3))
    both = [actions.LineAsked(charge(bill, 1)), actions.LineAsked(charge(bill, 2))]
    dispute = actions.raise_dispute(customer_id=holder.customer_id, lines=both, words="Both", by=by, at=NOW)
    run(a_cause(by), by=by, approved_by=second)
    dispute.refresh_from_db()
    other = Dispute.objects.exclude(pk=dispute.pk).get()
    assert (dispute.state, dispute.granted_minor) == ("upheld", 330)
    assert (other.state, other.asked_minor, other.code, other.cause_id) == ("open", 250, "LATE", None)
    assert (other.case_id, other.due_on, other.words) == (dispute.case_id, dispute.due_on, "Both")
    assert [credit.amount_minor for credit in Credit.objects.all()] == [330]
    assert not Watch.objects.filter(code="LATE").exists()


def test_a_line_is_credited_by_one_cause_and_then_by_no_dispute() -> None:
    by, second = care(), boss()
    (holder,) = charged(1, 2)
    run(a_cause(by), by=by, approved_by=second)
    with pytest.raises(BadCauseError, match="no account left"):
        run(a_cause(by, first_on=date(2026, 2, 1)), by=by, approved_by=second)
    with pytest.raises(AlreadyDisputedError):
        disputed(holder, by)
    assert Credit.objects.count() == 1


def test_a_dispute_of_a_known_cause_is_decided_with_it() -> None:
    by, second = care(), boss()
    (holder,) = charged(1, 2)
    cause = a_cause(by)
    dispute = disputed(holder, by)
    assert dispute.cause_id == cause.pk
    run(cause, by=by, approved_by=second)
    dispute.refresh_from_db()
    assert (dispute.state, Credit.objects.get().amount_minor) == ("upheld", 330)


def test_what_was_reviewed_is_credited_and_later_bills_are_for_the_watch() -> None:
    by, second = care(), boss()
    (holder,) = charged(1, 1)
    cause = a_cause(by)
    asked = actions.ask_correction(cause_id=cause.pk, words="Sorry", by=by, at=NOW)
    a_bill(holder, FEE, on=date(2026, 2, 3))
    with pytest.raises(CorrectionStateError):
        actions.look_for_accounts(cause_id=cause.pk, at=NOW)
    actions.approve_correction(correction_id=asked.pk, by=second, at=NOW)
    actions.run_correction(correction_id=asked.pk, now=lambda: NOW)
    assert Credit.objects.get().amount_minor == asked.total_minor == 330
    actions.check_bills(at=NOW)
    actions.answer_what_came_back(at=NOW)
    assert Credit.objects.get(reason="came_back").amount_minor == 330


def test_an_account_with_bills_under_two_customers_is_one_account() -> None:
    by, second = care(), boss()
    (holder,) = charged(1, 1)
    heir = a_holder()
    a_bill(Holder(heir.customer_id, holder.account_id), FEE, on=date(2026, 2, 3))
    cause = a_cause(by)
    row = cause.accounts.get()
    assert (row.account_id, row.customer_id, row.charges, row.amount_minor) == (
        holder.account_id,
        heir.customer_id,
        2,
        660,
    )
    assert run(cause, by=by, approved_by=second).done == 1


def test_a_later_bill_with_the_error_is_credited_without_anybody() -> None:
    by, second = care(), boss()
    (holder,) = charged(1, 1)
    run(a_cause(by), by=by, approved_by=second)
    a_bill(holder, FEE, on=date(2026, 4, 3))
    actions.check_bills(at=NOW)
    actions.answer_what_came_back(at=NOW)
    assert Credit.objects.get(reason="came_back").amount_minor == 330


def test_the_same_cause_is_not_opened_twice() -> None:
    by = care()
    charged(1, 1)
    a_cause(by)
    with pytest.raises(BadCauseError, match="Regional fee"):
        a_cause(by)


def test_what_disputes_have_in_common_is_suspected() -> None:
    by = care()
    for holder in charged(4, 2):
        disputed(holder, by)
    (other,) = charged(1, 1, line=Line(code="TV-X", amount_minor=700))
    bill = a_bill(other, Line(code="TV-X", amount_minor=999), on=date(2026, 2, 5))
    actions.raise_dispute(
        customer_id=other.customer_id, lines=[actions.LineAsked(charge(bill))], words="", by=by, at=NOW
    )
    (suspected,) = cause_queries.suspected(least=2, at=NOW)
    assert (suspected.code, suspected.disputes, suspected.accounts, suspected.asked_minor) == ("FEE-REG", 4, 4, 1320)
    assert suspected.first_on == date(2026, 2, 1)
    a_cause(by, first_on=suspected.first_on)
    assert cause_queries.suspected(least=2, at=NOW) == []


def test_what_the_correction_itself_credits_was_not_credited_before() -> None:
    by, second = care(), boss()
    complained, quiet = charged(2, 1, 2)
    dispute = disputed(complained, by)
    cause = a_cause(by)
    run(cause, by=by, approved_by=second)
    dispute.refresh_from_db()
    assert dispute.state == "upheld"
    rows = {row.account_id: row for row in pages_causes.accounts_of_cause(cause.pk, limit=9)}
    assert [rows[holder.account_id].repaid_minor for holder in (complained, quiet)] == [0, 0]
    for holder in (complained, quiet):
        assert sum(Credit.objects.filter(account_id=holder.account_id).values_list("amount_minor", flat=True)) == 660
    assert pages_causes.cause_read(cause.pk).row.open_minor == 0


def test_where_a_correction_stands_is_told_in_a_sentence() -> None:
    by, second = care(), boss()
    charged(1, 1)
    cause = a_cause(by)
    asked = actions.ask_correction(cause_id=cause.pk, words="Sorry", by=by, at=NOW)
    with pytest.raises(CorrectionStateError, match=r"^Dana Reyes asked for this correction on .*; it waits for a sec"):
        actions.ask_correction(cause_id=cause.pk, words="Sorry", by=second, at=NOW)
    actions.approve_correction(correction_id=asked.pk, by=second, at=NOW)
    with pytest.raises(CorrectionStateError, match=r"^Sam Ortiz approved this correction on .*; it is running\.$"):
        actions.approve_correction(correction_id=asked.pk, by=second, at=NOW)
    actions.run_correction(correction_id=asked.pk, now=lambda: NOW)
    with pytest.raises(CorrectionStateError, match=r"^Sam Ortiz approved this correction on .*; it is done\.$"):
        actions.approve_correction(correction_id=asked.pk, by=second, at=NOW)


def test_who_refused_a_correction_is_told_in_a_sentence() -> None:
    by, second = care(), boss()
    charged(1, 1)
    asked = actions.ask_correction(cause_id=a_cause(by).pk, words="Sorry", by=by, at=NOW)
    actions.refuse_correction(correction_id=asked.pk, by=second, at=NOW, why="Wait for the price book.")
    with pytest.raises(CorrectionStateError, match=r"^Sam Ortiz refused this correction on [^:]*:\d\d[^:]*\.$"):
        actions.approve_correction(correction_id=asked.pk, by=second, at=NOW)
