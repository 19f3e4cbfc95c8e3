"""What is watched for is chosen with the decision, seen before it is left, and narrowed or widened afterwards."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tellonce.modules.billing import actions
from tellonce.modules.billing.actions import WatchRule
from tellonce.modules.billing.contracts import BadWatchError, WatchNotFoundError
from tellonce.modules.billing.models import BillingOrder, Credit, Dispute, Watch, WatchChange, WatchCheck
from tellonce.modules.billing.queries.fitting import would_meet
from tellonce.modules.billing.queries.rules import things_of
from tellonce.modules.billing.tests.making import RENT, Holder, Line, a_bill, a_holder, charge
from tellonce.modules.record import actions as record_actions
from tellonce.modules.record import queries as record
from tellonce.modules.staff.contracts import Actor, Role
from tests.factories import NOW, a_matter, a_person

pytestmark = pytest.mark.django_db
FIRST = date(2026, 2, 1)
BOX = Line(words="Box rental", product="Box", device_serial="S1", service_id=7)
BY_CODE = WatchRule(code=RENT)


@pytest.fixture(autouse=True)
def matters() -> None:
    a_matter("billing.wrong")


@pytest.fixture
def dana() -> Actor:
    return a_person(name="Dana Reyes", permission_sets=["billing_care"]).as_actor()


def disputed(holder: Holder, *lines: Line, by: Actor, which: int = 1) -> Dispute:
    bill = a_bill(holder, *(lines or (BOX,)), on=FIRST)
    wrong = [actions.LineAsked(charge(bill, which))]
    return actions.raise_dispute(customer_id=holder.customer_id, lines=wrong, words="", by=by, at=NOW)


def upheld(dispute: Dispute, rule: WatchRule | None, *, by: Actor) -> Watch:
    line = dispute.lines.earliest("pk")
    actions.decide_dispute(
        dispute_id=dispute.pk,
        verdict="upheld",
        reason="Wrong.",
        by=by,
        at=NOW,
        watch={line.pk: rule} if rule is not None else None,
    )
    return Watch.objects.get(dispute=dispute)


def outcome(holder: Holder, line: Line, *, on: date = date(2026, 4, 1), at: Any = NOW) -> str:
    bill = a_bill(holder, line, on=on)
    actions.check_bills(at=at)
    return WatchCheck.objects.get(bill_id=bill.id).outcome


@pytest.mark.parametrize(
    ("rule", "line", "comes"),
    [
        (None, replace(BOX, device_serial="S2"), "clean"),
        (BY_CODE, replace(BOX, device_serial="S2", service_id=8, product="Other"), "came_back"),
        (replace(BY_CODE, amount_from_minor=1499, amount_until_minor=1499), replace(BOX, amount_minor=1500), "clean"),
        (replace(BY_CODE, amount_until_minor=1499), replace(BOX, amount_minor=1200), "came_back"),
        (WatchRule(device_serial="S1"), replace(BOX, code="RENT-NEW"), "came_back"),
        (WatchRule(pattern="*rental"), Line(code="HIRE", words="Set-top RENTAL"), "came_back"),
        (WatchRule(pattern="*rental"), Line(code="HIRE", words="Rental fee"), "clean"),
    ],
)
def test_what_was_chosen_is_watched_for(dana: Actor, rule: WatchRule | None, line: Line, comes: str) -> None:
    holder = a_holder()
    upheld(disputed(holder, by=dana), rule, by=dana)
    assert outcome(holder, line) == comes


def test_left_to_the_line_it_is_code_product_device_and_service(dana: Actor) -> None:
    watch = upheld(disputed(a_holder(), by=dana), None, by=dana)
    assert (watch.code, watch.product, watch.device_serial, watch.service_id) == (RENT, "Box", "S1", 7)
    assert (watch.amount_from_minor, watch.amount_until_minor, watch.pattern) == (None, None, "")


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (WatchRule(), "Say what to look for"),
        (WatchRule(pattern=" * "), "fit every line"),
        (replace(BY_CODE, pattern="**"), "fit every line"),
        (WatchRule(pattern="*bo*"), "at least three letters"),
        (WatchRule(pattern="box"), "has not these words: “Box rental”. A * stands for anything"),
        (replace(BY_CODE, pattern="^Box.*$"), "has not these words"),
        (WatchRule(code="OTHER"), "does not fit this"),
        (replace(BY_CODE, amount_until_minor=1498), "does not fit this"),
        (replace(BY_CODE, amount_from_minor=2, amount_until_minor=1), "below the lowest"),
    ],
)
def test_what_would_find_nothing_or_everything_is_refused_and_nothing_is_decided(
    dana: Actor, rule: WatchRule, says: str
) -> None:
    dispute = disputed(a_holder(), by=dana)
    with pytest.raises(BadWatchError, match=says.replace("*", r"\*")):
        upheld(dispute, rule, by=dana)
    assert Dispute.objects.get().state == "open"
    assert not Credit.objects.exists()


def test_where_a_part_was_wrong_what_is_right_is_never_watched_for(dana: Actor) -> None:
    dispute = disputed(a_holder(), Line(amount_minor=6000, tax_minor=600), by=dana)
    line = dispute.lines.get()
    told: dict[str, Any] = {"dispute_id": dispute.pk, "verdict": "partly", "reason": "50", "by": dana, "at": NOW}
    for rule in (BY_CODE, replace(BY_CODE, amount_from_minor=5000)):
        with pytest.raises(BadWatchError, match=r"50\.00 USD without tax of this charge is right"):
            actions.decide_dispute(**told, granted={line.pk: 1100}, watch={line.pk: rule})
    above = replace(BY_CODE, amount_from_minor=5500)
    actions.decide_dispute(**told, granted={line.pk: 1100}, watch={line.pk: above})
    watch = Watch.objects.get()
    assert (watch.amount_from_minor, watch.wrong_minor) == (5500, 1000)


def test_a_wider_rule_leaves_the_lines_alone_that_were_right_beside_it(dana: Actor) -> None:
    """Two boxes are rented, one of them wrongly: watched by the code alone, one box a month is right."""
    holder = a_holder()
    other = replace(BOX, device_serial="S2")
    watch = upheld(disputed(holder, BOX, other, by=dana), BY_CODE, by=dana)
    assert watch.allowed_lines == 1
    assert outcome(holder, other) == "clean"
    a_bill(holder, BOX, other, on=date(2026, 5, 1))
    actions.check_bills(at=NOW)
    assert WatchCheck.objects.filter(outcome="came_back").count() == 1


def test_what_was_chosen_waits_for_the_second_person(dana: Actor) -> None:
    dispute = disputed(a_holder(), replace(BOX, amount_minor=20_000), by=dana)
    line = dispute.lines.get()
    actions.decide_dispute(
        dispute_id=dispute.pk, verdict="upheld", reason="Wrong.", by=dana, at=NOW, watch={line.pk: BY_CODE}
    )
    assert not Watch.objects.exists()
    lead = a_person(role=Role.MANAGER).as_actor()
    actions.grant_credit(credit_id=Credit.objects.get().pk, by=lead, at=NOW)
    watch = Watch.objects.get()
    assert (watch.code, watch.product, watch.device_serial) == (RENT, "", "")


def test_a_refused_decision_leaves_no_choice_behind(dana: Actor) -> None:
    dispute = disputed(a_holder(), replace(BOX, amount_minor=20_000), by=dana)
    line = dispute.lines.get()
    actions.decide_dispute(
        dispute_id=dispute.pk, verdict="upheld", reason="Wrong.", by=dana, at=NOW, watch={line.pk: BY_CODE}
    )
    lead = a_person(role=Role.MANAGER).as_actor()
    actions.refuse_credit(credit_id=Credit.objects.get().pk, by=lead, at=NOW, why="Look again")
    assert Dispute.objects.get().watch_rules == {}


def test_lines_that_came_meanwhile_without_their_service_are_no_second_watch(dana: Actor) -> None:
    holder = a_holder()
    dispute = disputed(holder, by=dana)
    a_bill(holder, replace(BOX, service_id=None), on=date(2026, 2, 20))
    watch = upheld(dispute, replace(BY_CODE, pattern="box*"), by=dana)
    assert (watch.pattern, watch.limit_minor) == ("box*", 2 * 1499)


def test_it_is_seen_beforehand_which_lines_it_would_have_met(dana: Actor) -> None:
    holder = a_holder()
    other = replace(BOX, device_serial="S2", words="Second box")
    a_bill(holder, other, on=date(2026, 1, 1), number="B-JAN")
    a_bill(holder, BOX, on=date(2026, 1, 2), state="asked")
    dispute = disputed(holder, BOX, by=dana)
    whose = {"account_id": holder.account_id, "customer_id": holder.customer_id}
    (thing,) = things_of(dispute, granted={line.pk: line.asked_minor for line in dispute.lines.all()})
    narrow = would_meet(thing.rule(), **whose)
    assert (narrow.bills, narrow.known, narrow.others) == (2, 1, ())
    wide = would_meet(thing.complete(BY_CODE), **whose)
    assert wide.known == 1
    assert [(line.bill_number, line.words, line.whole_minor) for line in wide.others] == [("B-JAN", "Second box", 1499)]
    both = would_meet(replace(BY_CODE, allowed_lines=1), **whose)
    assert both.lines == ()


def test_who_changed_what_is_watched_and_why_is_kept(dana: Actor) -> None:
    holder = a_holder()
    watch = upheld(disputed(holder, by=dana), None, by=dana)
    later = NOW + timedelta(days=1)
    actions.change_watch(watch_id=watch.pk, rule=BY_CODE, reason="Every box, not this one", by=dana, at=later)
    watch.refresh_from_db()
    assert (watch.code, watch.product, watch.device_serial, watch.service_id) == (RENT, "", "", None)
    change = WatchChange.objects.get()
    assert (change.by_name, change.reason) == ("Dana Reyes", "Every box, not this one")
    assert (change.was["device_serial"], change.became["device_serial"]) == ("S1", "")
    moment = next(each for each in record.story_page(holder.customer_id) if each.kind == "billing.watch_changed")
    assert moment.words == "Every box, not this one"
    assert [order.body["device"] for order in BillingOrder.objects.filter(kind="stop_line").order_by("pk")] == [
        "S1",
        "",
    ]
    assert outcome(holder, replace(BOX, device_serial="S9")) == "came_back"


def test_the_twelve_clean_bills_begin_anew_and_what_came_back_stays(dana: Actor) -> None:
    holder = a_holder()
    watch = upheld(disputed(holder, by=dana), None, by=dana)
    for line, month in ((BOX, 3), (Line(code="TV"), 4), (Line(code="TV"), 5)):
        outcome(holder, line, on=date(2026, month, 1))
    later = NOW + timedelta(days=1)
    changed = actions.change_watch(watch_id=watch.pk, rule=BY_CODE, reason="Wider", by=dana, at=later)
    assert (changed.clean_bills, changed.came_back) == (0, 1)
    outcome(holder, Line(code="TV"), on=date(2026, 6, 1), at=later + timedelta(hours=1))
    watch.refresh_from_db()
    assert (watch.clean_bills, watch.came_back) == (1, 1)


@pytest.mark.parametrize(
    ("rule", "reason", "says"),
    [
        (BY_CODE, " ", "Write why"),
        (WatchRule(code=RENT, product="Box", device_serial="S1", service_id=7), "So", "watched already"),
        (WatchRule(pattern="*modem*"), "So", "has not these words|does not fit this"),
    ],
)
def test_a_change_says_why_changes_something_and_still_finds_the_line(
    dana: Actor, rule: WatchRule, reason: str, says: str
) -> None:
    watch = upheld(disputed(a_holder(), by=dana), None, by=dana)
    with pytest.raises(BadWatchError, match=says):
        actions.change_watch(watch_id=watch.pk, rule=rule, reason=reason, by=dana, at=NOW)
    assert not WatchChange.objects.exists()


def test_what_has_ended_or_never_was_is_not_changed(dana: Actor) -> None:
    watch = upheld(disputed(a_holder(), by=dana), None, by=dana)
    Watch.objects.update(state="ended", ended_at=NOW)
    with pytest.raises(BadWatchError, match="has ended"):
        actions.change_watch(watch_id=watch.pk, rule=BY_CODE, reason="So", by=dana, at=NOW)
    with pytest.raises(WatchNotFoundError):
        actions.change_watch(watch_id=watch.pk + 1, rule=BY_CODE, reason="So", by=dana, at=NOW)


def test_a_partly_wrong_price_stays_watched_only_above_what_is_right(dana: Actor) -> None:
    dispute = disputed(a_holder(), Line(amount_minor=6000, tax_minor=600), by=dana)
    line = dispute.lines.get()
    actions.decide_dispute(
        dispute_id=dispute.pk, verdict="partly", reason="50", granted={line.pk: 1100}, by=dana, at=NOW
    )
    watch = Watch.objects.get()
    with pytest.raises(BadWatchError, match=r"50\.00 USD"):
        actions.change_watch(watch_id=watch.pk, rule=BY_CODE, reason="So", by=dana, at=NOW)
    exactly = replace(BY_CODE, amount_from_minor=6000, amount_until_minor=6000)
    changed = actions.change_watch(watch_id=watch.pk, rule=exactly, reason="So", by=dana, at=NOW)
    assert (changed.amount_until_minor, changed.wrong_minor) == (6000, 1000)


def test_words_and_serial_numbers_of_a_rule_are_forgotten_with_the_customer(dana: Actor) -> None:
    holder = a_holder()
    watch = upheld(disputed(holder, by=dana), replace(BY_CODE, pattern="*rental*"), by=dana)
    actions.change_watch(
        watch_id=watch.pk, rule=WatchRule(pattern="box*", device_serial="S1"), reason="Zwetschge", by=dana, at=NOW
    )
    by = a_person(role=Role.ADMINISTRATOR).as_actor()
    out = str(record_actions.export_customer(customer_id=holder.customer_id, by=by, at=NOW, reason="asked"))
    assert "Zwetschge" in out
    record_actions.erase_customer(customer_id=holder.customer_id, by=by, at=NOW)
    change, watch = WatchChange.objects.get(), Watch.objects.get()
    assert (change.reason, change.was, change.became, watch.pattern) == ("", {}, {}, "")
    assert Dispute.objects.get().watch_rules == {}
    bodies = BillingOrder.objects.filter(kind="stop_line").values_list("body__pattern", "body__device")
    assert set(bodies) == {("", "")}
