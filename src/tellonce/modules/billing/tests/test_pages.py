"""The pages of bills: who may see them, what they say, and that each number leads to its rows."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from tellonce.modules.billing import actions
from tellonce.modules.billing.contracts.limits import Rule
from tellonce.modules.billing.models import (
    CauseAccount,
    Correction,
    Credit,
    CreditLimit,
    Dispute,
    Finding,
    Watch,
    WatchCheck,
)
from tellonce.modules.billing.queries.limits import limits_of, rule_for
from tellonce.modules.billing.queries.pages_credits import credit_counts
from tellonce.modules.billing.queries.pages_fixes import back_by_month, stays_fixed
from tellonce.modules.billing.queries.scope import Scope
from tellonce.modules.billing.templatetags.bills import grouped
from tellonce.modules.billing.tests.lives import BilledLives, billed_lives
from tellonce.modules.record import actions as record
from tellonce.modules.staff.contracts import SYSTEM, PermissionSet, Role
from tellonce.modules.staff.models import AccessEntry, Person
from tests.factories import a_matter, a_partner, a_person

pytestmark = pytest.mark.django_db
TABS = ("back", "watched", "disputes", "credits", "causes", "findings")


@pytest.fixture
def dana() -> Person:
    return a_person(name="Dana Reyes", permission_sets=[PermissionSet.BILLING_CARE])


@pytest.fixture
def lead() -> Person:
    return a_person(name="Lena Lead", role=Role.MANAGER)


@pytest.fixture
def lives(dana: Person, lead: Person) -> BilledLives:
    a_matter("billing.wrong")
    return billed_lives(dana=dana, lead=lead, now=timezone.now())


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def words(answer: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(unescape(text).split())


def seen(client: Client, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content[:500]
    return words(answer)


@pytest.mark.parametrize(
    ("role", "sets", "may"),
    [
        (Role.REPRESENTATIVE, (), False),
        (Role.REPRESENTATIVE, (PermissionSet.BILLING_CARE,), True),
        (Role.SUPERVISOR, (), True),
        (Role.ANALYST, (), False),
    ],
)
def test_billing_care_and_who_leads_see_it(role: str, sets: tuple[str, ...], may: bool) -> None:
    client = signed_in(a_person(role=role, permission_sets=sets))
    assert client.get("/bills").status_code == (200 if may else 403)
    assert ('href="/bills"' in client.get("/today").content.decode()) == may


def test_partners_people_see_no_lists_of_all_customers() -> None:
    client = signed_in(a_person(role=Role.SUPERVISOR, partner=a_partner()))
    assert client.get("/bills").status_code == 403


@pytest.mark.parametrize("tab", TABS)
def test_with_nothing_yet_every_list_says_what_will_stand_there(dana: Person, tab: str) -> None:
    text = signed_in(dana).get(f"/bills?tab={tab}").content.decode()
    assert 'class="empty' in text
    assert "no bill was checked yet" in text


def test_what_came_back_stands_first_with_what_was_done(dana: Person, lives: BilledLives) -> None:
    text = seen(signed_in(dana), "/bills")
    assert "Modem rental the customer had the bill Rosa Vidal" in text
    assert "9.72 credited, case open again" in text
    assert "Sports package held: nobody saw it Petra Lind" in text
    held = seen(signed_in(dana), "/bills?tab=back&show=held")
    assert "Modem rental" not in held
    assert "Sports package" in held


def test_the_measure_counts_failures_and_not_what_was_held(lives: BilledLives) -> None:
    """Two upheld: one came back on its fourth bill, one was held on its fifth and has stayed off since."""
    fixed = stays_fixed()
    assert (fixed.upheld, fixed.failed, fixed.held, fixed.watching) == (2, 1, 1, 2)
    assert fixed.share == pytest.approx(0.5)
    assert fixed.lower is not None
    assert fixed.upper is not None
    assert fixed.lower < 0.5 < fixed.upper
    months = back_by_month(today=timezone.localdate())
    assert (len(months), sum(each.out for each in months), sum(each.held for each in months)) == (12, 1, 1)


def test_a_watch_shows_each_of_its_bills(dana: Person, lives: BilledLives) -> None:
    text = signed_in(dana).get("/bills?tab=watched").content.decode()
    marks = re.findall(r'<svg class="bill-marks".*?</svg>', text)
    assert len(marks) == Watch.objects.count()
    back = next(each for each in marks if "mark-back" in each)
    assert (back.count("mark-clean"), back.count("mark-back"), back.count("mark-to-come")) == (3, 1, 12)
    assert "0 of 12 clean bills, came back 1 time" in back


def test_disputes_stand_by_their_term_and_lead_to_the_decision(dana: Person, lives: BilledLives) -> None:
    text = seen(signed_in(dana), "/bills?tab=disputes")
    assert text.index("Fibre 500") < text.index("Sports package")
    assert "6 days late" in text
    overdue = signed_in(dana).get("/bills?tab=disputes&show=overdue").content.decode()
    assert f'href="/bills/disputes/{lives.overdue.pk}"' in overdue
    assert f'href="/bills/disputes/{lives.waiting.pk}"' not in overdue
    assert "Sports package" in seen(signed_in(dana), "/bills?tab=disputes&words=sport")


def test_a_dispute_opens_on_its_case_and_is_logged(dana: Person, lives: BilledLives) -> None:
    text = seen(signed_in(dana), f"/bills/disputes/{lives.waiting.pk}")
    assert "I never ordered what is on bill" in text
    entry = AccessEntry.objects.get(page="dispute")
    assert (entry.customer_id, entry.case_id) == (lives.chidi.customer_id, lives.waiting.case_id)


def test_a_dispute_is_decided_in_part_line_by_line(dana: Person, lives: BilledLives) -> None:
    line = lives.waiting.lines.get()
    answer = signed_in(dana).post(
        f"/bills/disputes/{lives.waiting.pk}/decide",
        {"verdict": "partly", "reason": "Half a month was right", f"line-{line.pk}": "6.48"},
    )
    assert answer.status_code == 303
    decided = Dispute.objects.get(pk=lives.waiting.pk)
    assert (decided.state, decided.granted_minor) == ("partly", 648)


def test_what_cannot_be_decided_stands_in_the_form(dana: Person, lives: BilledLives) -> None:
    client, at = signed_in(dana), f"/bills/disputes/{lives.waiting.pk}/decide"
    line = lives.waiting.lines.get()
    answer = client.post(at, {"verdict": "partly", "reason": "So", f"line-{line.pk}": ""})
    assert answer.status_code == 422
    assert "say how much of each line was wrong" in words(answer)
    assert client.post(at, {"verdict": "upheld", "reason": ""}).status_code == 422
    lowered = client.post(at, {"verdict": "upheld", "reason": "So", f"line-{line.pk}": "1.00"})
    assert lowered.status_code == 422
    assert "This is a part" in words(lowered)
    assert Dispute.objects.get(pk=lives.waiting.pk).state == "open"


def test_a_decision_that_a_second_person_must_approve_stays_in_its_term(dana: Person, lives: BilledLives) -> None:
    lives.waiting.lines.update(asked_minor=90_000, charged_minor=90_000)
    mine = Dispute.objects.filter(pk=lives.waiting.pk)
    mine.update(asked_minor=90_000, due_on=timezone.now().date() - timedelta(days=2))
    actions.decide_dispute(
        dispute_id=lives.waiting.pk, verdict="upheld", reason="Wrong", by=dana.as_actor(), at=timezone.now()
    )
    client = signed_in(dana)
    for show in ("open", "overdue"):
        assert "waits for a second person" in seen(client, f"/bills?tab=disputes&show={show}")
    assert f"/bills/disputes/{lives.waiting.pk}" not in client.get("/bills?tab=disputes&show=decided").content.decode()
    assert "waits for a second person" in seen(client, f"/bills/disputes/{lives.waiting.pk}")


def test_whoever_comes_second_reads_who_was_first(dana: Person, lead: Person, lives: BilledLives) -> None:
    actions.decide_dispute(
        dispute_id=lives.waiting.pk, verdict="upheld", reason="Wrong", by=lead.as_actor(), at=timezone.now()
    )
    client = signed_in(dana)
    client.post("/why", {"customer": lives.chidi.customer_id, "next": "/", "reason": "I look at the dispute"})
    answer = client.post(f"/bills/disputes/{lives.waiting.pk}/decide", {"verdict": "upheld", "reason": "Wrong too"})
    assert "Lena Lead decided this dispute" in words(answer)
    assert "What you wrote Wrong too" in words(answer)
    assert 'name="verdict"' not in answer.content.decode()


def test_a_second_person_grants_and_the_first_cannot(dana: Person, lead: Person, lives: BilledLives) -> None:
    credit = Credit.objects.get(state="asked")
    listed = signed_in(dana).get("/bills?tab=credits").content.decode()
    assert f"/bills/credits/{credit.pk}/grant" not in listed
    signed_in(dana).post(f"/bills/credits/{credit.pk}/grant")
    assert Credit.objects.get(pk=credit.pk).state == "asked"
    assert f"/bills/credits/{credit.pk}/grant" in signed_in(lead).get("/bills?tab=credits").content.decode()
    assert signed_in(lead).post(f"/bills/credits/{credit.pk}/grant").status_code == 303
    assert Credit.objects.get(pk=credit.pk).state == "granted"


def test_who_may_not_approve_as_much_is_offered_no_button(dana: Person, lives: BilledLives) -> None:
    credit = Credit.objects.get(state="asked")
    Credit.objects.filter(pk=credit.pk).update(asked_by_id=None, amount_minor=500_01)
    listed = signed_in(dana).get("/bills?tab=credits").content.decode()
    assert f"/bills/credits/{credit.pk}/grant" not in listed
    assert f'href="/bills/credits/{credit.pk}">Refuse<' in listed
    Credit.objects.filter(pk=credit.pk).update(amount_minor=500_00)
    assert f"/bills/credits/{credit.pk}/grant" in signed_in(dana).get("/bills?tab=credits").content.decode()


def test_a_credit_that_is_both_missing_and_stuck_is_counted_once(dana: Person, lives: BilledLives) -> None:
    before = credit_counts(at=timezone.now() + timedelta(days=400))["failed"]
    credit = Credit.objects.get(state="asked")
    Credit.objects.filter(pk=credit.pk).update(
        state="granted", settled_at=timezone.now(), due_from=timezone.localdate(), missed_bills=1
    )
    counts = credit_counts(at=timezone.now() + timedelta(days=400))
    assert counts["failed"] == before + 1
    assert counts["stuck"] + counts["missed"] > counts["failed"]


def test_a_credit_is_refused_with_the_reason(lead: Person, lives: BilledLives) -> None:
    credit = Credit.objects.get(state="asked")
    client, at = signed_in(lead), f"/bills/credits/{credit.pk}"
    assert client.post(f"{at}/refuse", {"why": ""}).status_code == 422
    assert client.post(f"{at}/refuse", {"why": "It was one evening"}).status_code == 303
    assert "It was one evening" in seen(client, at)


def test_a_finding_is_confirmed_or_dismissed_with_the_reason(dana: Person, lives: BilledLives) -> None:
    client = signed_in(dana)
    text = seen(client, "/bills?tab=findings")
    assert "Rent for a device that came back" in text
    assert "ours 1.18" in text
    rent, price = Finding.objects.get(kind="returned_device"), Finding.objects.get(kind="wrong_price")
    assert "returned on 2026-01-02" in seen(client, f"/bills/findings/{rent.pk}")
    client.post(f"/bills/findings/{rent.pk}/confirm", {"note": ""})
    assert client.post(f"/bills/findings/{price.pk}/dismiss", {"why": ""}).status_code == 422
    client.post(f"/bills/findings/{price.pk}/dismiss", {"why": "The price rose in March"})
    looked_at = Finding.objects.exclude(kind="credit_missing")
    assert sorted(looked_at.values_list("kind", "state")) == [
        ("returned_device", "case"), ("wrong_price", "dismissed"), ("wrong_tax", "open"),
    ]  # fmt: skip


def test_a_cause_shows_who_never_asked_and_takes_two_to_correct(dana: Person, lead: Person, lives: BilledLives) -> None:
    at = f"/bills/causes/{lives.cause.pk}"
    text = seen(signed_in(dana), at)
    assert "Accounts that have it 12 3 of them complained" in text
    assert "Household 9" in seen(signed_in(dana), f"{at}?show=silent")
    assert "Household 1 " not in seen(signed_in(dana), f"{at}?show=silent")
    signed_in(dana).post(f"{at}/correct", {"words": "You paid for a box that you gave back."})
    correction = Correction.objects.get()
    approve = f"/bills/corrections/{correction.pk}/approve"
    signed_in(dana).post(approve)
    assert Correction.objects.get().state == "asked"
    assert approve in signed_in(lead).get(at).content.decode()
    signed_in(lead).post(approve)
    assert Correction.objects.get().state == "running"
    actions.run_correction(correction_id=correction.pk, now=timezone.now)
    assert CauseAccount.objects.filter(corrected_at__isnull=False).count() == 12
    assert "12 accounts were credited. Asked for by Dana Reyes, approved by Lena Lead." in seen(signed_in(lead), at)


def test_an_account_is_left_out_with_the_reason_and_taken_in_again(dana: Person, lives: BilledLives) -> None:
    account = lives.hired[5].account_id
    at = f"/bills/causes/{lives.cause.pk}"
    client = signed_in(dana)
    client.post(f"{at}/accounts/{account}", {"why": "They still have the box"})
    assert "They still have the box" in seen(client, f"{at}?show=out")
    client.post(f"{at}/accounts/{account}", {"back": "1"})
    assert CauseAccount.objects.get(account_id=account).left_out_why == ""


def test_disputes_that_look_alike_become_a_cause(dana: Person, lives: BilledLives) -> None:
    lives.cause.disputes.update(cause=None)
    CauseAccount.objects.all().delete()
    lives.cause.delete()
    client = signed_in(dana)
    text = client.get("/bills?tab=causes").content.decode()
    found = re.search(r"/bills/causes/new\?code=[^\"]+", text)
    assert found is not None
    address = unescape(found[0])
    assert "Box rental" in seen(client, address)
    part = {"title": "Boxes that came back", "owner": dana.pk, "words": "", "wrong": "1.00"}
    assert "say here that only those are meant" in words(client.post(address, part))
    whole = part | {"wrong": "9999", "only_this_much": "on"}
    assert "This is the whole line or more" in words(client.post(address, whole))
    answer = client.post(address, {"title": "Boxes that came back", "owner": dana.pk, "words": ""})
    assert answer.status_code == 303
    assert "Accounts that have it 12" in seen(client, answer["Location"])


def test_the_administrator_sets_what_each_role_may_credit() -> None:
    ada = a_person(role=Role.ADMINISTRATOR)
    client = signed_in(ada)
    page = client.get("/admin/credit-limits").content.decode()
    sent = dict(re.findall(r'<input type="number" name="([^"]+)" value="([^"]+)"', page))
    said = {"representative-alone": "40", "representative-second": "50", "representative-together": "60"}
    answer = client.post("/admin/credit-limits", sent | said)
    assert answer.status_code == 303
    limit = CreditLimit.objects.get()
    found = (limit.who, limit.alone_minor, limit.second_minor, limit.together_minor)
    assert found == ("representative", 4000, 5000, 6000)
    bad = client.post("/admin/credit-limits", sent | {"representative-alone": "40", "representative-second": "30"})
    assert bad.status_code == 422


@pytest.mark.parametrize("tab", TABS)
def test_a_list_takes_as_many_queries_for_many_as_for_few(dana: Person, lead: Person, tab: str) -> None:
    a_matter("billing.wrong")
    client = signed_in(dana)
    counts: list[int] = []
    for _ in range(2):
        billed_lives(
            dana=dana, lead=lead, now=datetime.now(UTC) - timedelta(seconds=1), many=3
        ) if not counts else _more(dana)
        client.get(f"/bills?tab={tab}")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/bills?tab={tab}")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def _more(dana: Person) -> None:
    """More of what the lists show."""
    for dispute in Dispute.objects.filter(state="open", cause=None):
        actions.decide_dispute(
            dispute_id=dispute.pk, verdict="upheld", reason="Wrong", by=dana.as_actor(), at=timezone.now()
        )


def test_a_yen_is_no_cent_where_nobody_set_a_limit(lead: Person) -> None:
    by = lead.as_actor()
    assert [limits_of(by, currency=each).alone_minor for each in ("USD", "JPY", "KWD")] == [500_00, 500, 500_000]
    assert [rule_for("missed_visit", currency=each).flat_minor for each in ("USD", "JPY", "KWD")] == [2000, 20, 20_000]


def test_each_currency_has_its_own_limits_and_rules() -> None:
    boss = a_person(role=Role.ADMINISTRATOR)
    client = signed_in(boss)
    page = client.get("/admin/credit-limits?currency=jpy").content.decode()
    sent = dict(re.findall(r'<input type="number" name="([^"]+)" value="([^"]+)"', page))
    assert (sent["representative-alone"], sent["missed_visit-flat"]) == ("25", "20")
    answer = client.post("/admin/credit-limits?currency=JPY", sent | {"representative-alone": "24"})
    assert answer.headers["Location"] == "/admin/credit-limits?currency=JPY"
    limit = CreditLimit.objects.get()
    assert (limit.who, limit.currency, limit.alone_minor, limit.second_minor) == ("representative", "JPY", 24, 25)
    assert client.post("/admin/credit-limits?currency=JPY", sent | {"representative-alone": "1.5"}).status_code == 422
    assert 'href="?currency=JPY"' in client.get("/admin/credit-limits").content.decode()


def test_the_administrator_says_what_is_credited_by_rule() -> None:
    client = signed_in(a_person(role=Role.ADMINISTRATOR))
    page = client.get("/admin/credit-limits").content.decode()
    sent = dict(re.findall(r'<input type="number" name="([^"]+)" value="([^"]+)"', page))
    on = {f"{reason}-on": "on" for reason in ("outage", "missed_visit")}
    said = {"what": "rules", "missed_visit-flat": "30.50", "outage-minutes": "60"}
    assert client.post("/admin/credit-limits", sent | on | said).status_code == 303
    assert rule_for("missed_visit", currency="USD") == Rule(True, 0, 3050, 2000)
    assert rule_for("outage", currency="USD") == Rule(True, 60, 0, 2500)
    assert rule_for("broken_promise", currency="USD") == Rule(False, 0, 500, 500)
    assert not CreditLimit.objects.exists()
    assert client.post("/admin/credit-limits", sent | said | {"outage-minutes": "-1"}).status_code == 422
    assert signed_in(a_person(role=Role.SUPERVISOR)).post("/admin/credit-limits", sent | said).status_code == 403


def test_a_period_narrows_the_numbers_and_the_lists_and_goes_along_with_the_links(
    dana: Person, lives: BilledLives
) -> None:
    client, today = signed_in(dana), timezone.localdate()
    back = WatchCheck.objects.get(outcome="came_back")
    here = f"&since={back.issued_on}&until={back.issued_on}"
    assert "Rosa Vidal" in seen(client, f"/bills?tab=back{here}")
    later = f"&since={back.issued_on + timedelta(days=1)}"
    assert "Nothing came back" in seen(client, "/bills?tab=back&until=2020-01-01")
    assert "Rosa Vidal" not in seen(client, f"/bills?tab=back&show=came_back{later}")
    old = timezone.localdate(lives.overdue.raised_at)
    page = client.get(f"/bills?tab=disputes&until={old}").content.decode()
    assert f'href="/bills/disputes/{lives.overdue.pk}"' in page
    assert f'href="/bills/disputes/{lives.waiting.pk}"' not in page
    assert f'href="/bills?tab=watched&amp;until={old}"' in page
    upheld = timezone.localdate(lives.upheld.decided_at)
    assert stays_fixed(Scope(since=upheld, until=upheld)).upheld == 1
    assert stays_fixed(Scope(since=today + timedelta(days=1))).upheld == 0
    none = {"asked": 0, "missed": 0, "stuck": 0, "due": 0, "failed": 0}
    assert credit_counts(Scope(until=date(2020, 1, 1)), at=timezone.now()) == none
    assert len(back_by_month(today=today, scope=Scope(since=date(2001, 1, 1)))) == 24
    assert [each.month for each in back_by_month(today=today, scope=Scope(back.issued_on, back.issued_on))] == [
        back.issued_on.replace(day=1)
    ]


def test_an_area_narrows_to_who_lives_or_lived_there(dana: Person, lives: BilledLives) -> None:
    region = record.add_area(kind="region", name="North", code="N")
    area = record.add_area(kind="area", name="Lakeside", code="N-L", parent_id=region.pk)
    other = record.add_area(kind="area", name="Hillside", code="N-H", parent_id=region.pk)
    home = record.add_premise(line="1 Main St", area_id=area.pk)
    record.move_in(customer_id=lives.rosa.customer_id, premise_id=home.pk, by=SYSTEM, at=timezone.now())
    client = signed_in(dana)
    for place in (area, region):
        text = seen(client, f"/bills?tab=watched&area={place.pk}")
        assert "Rosa Vidal" in text
        assert "Petra Lind" not in text
        assert "of 1 upheld dispute" in text
    assert "Rosa Vidal" not in seen(client, f"/bills?tab=watched&area={other.pk}")
    assert "Nothing is watched" in seen(client, f"/bills?tab=watched&area={other.pk}")


def test_a_period_that_ends_before_it_begins_is_kept_as_typed_and_counts_nothing(
    dana: Person, lives: BilledLives
) -> None:
    page = signed_in(dana).get("/bills?tab=watched&since=2026-02-01&until=2026-01-01").content.decode()
    assert "The first day is after the last one." in page
    assert 'value="2026-02-01"' in page
    assert 'value="2026-01-01"' in page
    assert 'href="/bills?tab=back&amp;since=2026-02-01&amp;until=2026-01-01"' in page
    assert "Rosa Vidal" not in page
    assert "upheld dispute" not in page


def test_a_period_and_an_area_that_are_none_show_all(dana: Person, lives: BilledLives) -> None:
    assert "Rosa Vidal" in seen(signed_in(dana), "/bills?tab=watched&since=nonsense&area=none")


def test_counts_above_a_thousand_are_written_as_the_reader_writes_them(dana: Person, lives: BilledLives) -> None:
    CauseAccount.objects.all().delete()
    rows = [
        CauseAccount(
            cause=lives.cause,
            customer_id=lives.rosa.customer_id,
            account_id=10_000 + n,
            charges=1,
            amount_minor=100,
            first_on=lives.cause.first_on,
            last_on=lives.cause.first_on,
        )
        for n in range(1234)
    ]
    CauseAccount.objects.bulk_create(rows)
    client = signed_in(dana)
    assert "1,234 0" in seen(client, "/bills?tab=causes")
    text = seen(client, f"/bills/causes/{lives.cause.pk}")
    assert "Ask to credit 1,234 accounts" in text
    with translation.override("de"):
        assert grouped(1234567) == "1.234.567"
    assert (grouped(999), grouped(1000), grouped(None)) == ("999", "1,000", "")
