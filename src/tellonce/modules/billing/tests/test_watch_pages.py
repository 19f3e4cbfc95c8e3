"""What is watched is chosen on pages: said in words, tried on the bills so far, and changed with the reason."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tellonce.modules.billing import actions
from tellonce.modules.billing.models import Dispute, Watch, WatchChange
from tellonce.modules.billing.tests.lives import FIBRE, TV, month_before
from tellonce.modules.billing.tests.making import Holder, Line, a_bill, a_holder, charge
from tellonce.modules.staff.contracts import PermissionSet
from tellonce.modules.staff.models import AccessEntry, Person
from tests.factories import a_matter, a_partner, a_person

pytestmark = pytest.mark.django_db
BOX = Line("RENT-BOX", 1499, 120, words="Box rental", product="Box TV-3", device_serial="TV3-1")
OTHER = Line("RENT-BOX", 1499, 120, words="Box rental", product="Box TV-3", device_serial="TV3-2")


@pytest.fixture
def dana() -> Person:
    return a_person(name="Dana Reyes", permission_sets=[PermissionSet.BILLING_CARE])


@pytest.fixture
def holder() -> Holder:
    a_matter("billing.wrong")
    return a_holder(name="Rosa Vidal")


@pytest.fixture
def dispute(dana: Person, holder: Holder) -> Dispute:
    """About the box of the latest bill; the other box, which is right, was on an earlier one."""
    today = timezone.localdate()
    a_bill(holder, FIBRE, OTHER, on=month_before(today, 3), number="B-THREE")
    bill = a_bill(holder, FIBRE, TV, BOX, on=month_before(today, 1))
    return actions.raise_dispute(
        customer_id=holder.customer_id,
        lines=[actions.LineAsked(charge(bill, 3))],
        words="I gave it back.",
        by=dana.as_actor(),
        at=timezone.now(),
    )


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def words(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def sent(dispute: Dispute, **chosen: str) -> dict[str, str]:
    """The decision form as it is sent, with what was chosen of the watch."""
    line = dispute.lines.get()
    rule = {"code": "on", "product": "on", "device": "on", "amount": "wrong", "pattern": ""} | chosen
    of_rule = {f"watch-{line.pk}-{name}": value for name, value in rule.items() if value != "-"}
    return {"verdict": "upheld", "reason": "It came back.", f"line-{line.pk}": "16.19"} | of_rule


def upheld(dana: Person, dispute: Dispute) -> Watch:
    actions.decide_dispute(
        dispute_id=dispute.pk, verdict="upheld", reason="Back.", by=dana.as_actor(), at=timezone.now()
    )
    return Watch.objects.get()


def test_the_decision_says_in_words_what_will_be_watched(dana: Person, dispute: Dispute) -> None:
    text = words(signed_in(dana).get(f"/bills/disputes/{dispute.pk}"))
    said = "charge code RENT-BOX, product Box TV-3, device TV3-1, at any amount"
    assert f"Every later bill is looked through for: {said}" in text
    assert (
        "Of the 2 bills of this account so far it would have met 1 line that was found to be wrong or is disputed"
        in text
    )
    assert ", and no other." in text


def test_a_wider_rule_shows_the_right_lines_that_it_would_meet_and_decides_nothing(
    dana: Person, dispute: Dispute
) -> None:
    client, at = signed_in(dana), f"/bills/disputes/{dispute.pk}/decide"
    wider = sent(dispute, device="-", product="-") | {"look": "1", "verdict": "", "reason": ""}
    answer = client.post(at, wider)
    text = words(answer)
    assert answer.status_code == 200
    assert "looked through for: charge code RENT-BOX, at any amount" in text
    assert "And 1 line that nobody said to be wrong: Box rental 16.19" in text
    assert "B-THREE" in text
    part = client.post(at, wider, headers={"HX-Request": "true", "HX-Target": "watching"}).content.decode()
    assert part.lstrip().startswith('<div class="watch-said"')
    assert 'hx-swap-oob="true"' in part
    assert Dispute.objects.get().state == "open"


def test_what_was_chosen_in_the_form_is_watched_for(dana: Person, dispute: Dispute) -> None:
    answer = signed_in(dana).post(
        f"/bills/disputes/{dispute.pk}/decide",
        sent(dispute, product="-", device="-", pattern="*rental*", amount="most", low="15.00"),
    )
    assert answer.status_code == 303
    watch = Watch.objects.get()
    assert (watch.code, watch.product, watch.device_serial, watch.pattern) == ("RENT-BOX", "", "", "*rental*")
    assert (watch.amount_from_minor, watch.amount_until_minor) == (None, 1500)


def test_left_as_it_is_the_form_watches_for_what_the_line_says(dana: Person, dispute: Dispute) -> None:
    signed_in(dana).post(f"/bills/disputes/{dispute.pk}/decide", sent(dispute))
    watch = Watch.objects.get()
    assert (watch.code, watch.product, watch.device_serial) == ("RENT-BOX", "Box TV-3", "TV3-1")
    assert (watch.amount_from_minor, watch.amount_until_minor, watch.allowed_lines) == (None, None, 0)


def test_of_a_part_only_what_is_above_the_right_amount_is_watched_for(dana: Person, dispute: Dispute) -> None:
    client, at, line = signed_in(dana), f"/bills/disputes/{dispute.pk}/decide", dispute.lines.get()
    partly = sent(dispute) | {"verdict": "partly", f"line-{line.pk}": "5.40"}
    assert "at least 10.00 USD without tax" in words(client.post(at, partly | {"look": "1"}))
    refused = client.post(at, partly | {f"watch-{line.pk}-amount": "any"})
    assert refused.status_code == 422
    assert "9.99 USD without tax of this charge is right" in words(refused)
    assert client.post(at, partly).status_code == 303
    assert Watch.objects.get().amount_from_minor == 1000


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"pattern": "**"}, "These words fit every line"),
        ({"pattern": "rental"}, "has not these words: “Box rental”. A * stands for anything"),
        ({"code": "-", "product": "-", "device": "-"}, "Say what to look for"),
        ({"amount": "exactly"}, "Write the amount."),
        ({"amount": "exactly", "low": "14.98"}, "does not fit this, so it would come back unseen"),
        ({"amount": "exactly", "low": "14.999"}, "no such small amounts"),
        ({"amount": "between", "low": "20", "high": "10"}, "The highest amount is below the lowest."),
    ],
)
def test_what_cannot_be_watched_for_stands_in_the_form(
    dana: Person, dispute: Dispute, chosen: dict[str, str], says: str
) -> None:
    answer = signed_in(dana).post(f"/bills/disputes/{dispute.pk}/decide", sent(dispute, **chosen))
    assert answer.status_code == 422
    assert says in words(answer)
    assert Dispute.objects.get().state == "open"


def test_what_is_not_upheld_asks_for_no_watch(dana: Person, dispute: Dispute) -> None:
    bad = sent(dispute, pattern="**") | {"verdict": "not_upheld"}
    assert signed_in(dana).post(f"/bills/disputes/{dispute.pk}/decide", bad).status_code == 303
    assert Dispute.objects.get().state == "not_upheld"


def test_a_watch_has_a_page_that_opens_by_the_rules_of_its_customer(
    dana: Person, dispute: Dispute, holder: Holder
) -> None:
    watch = upheld(dana, dispute)
    at = f"/bills/watches/{watch.pk}"
    client = signed_in(dana)
    assert f'href="{at}"' in client.get("/bills?tab=watched").content.decode()
    assert f'href="{at}"' in client.get(f"/bills/disputes/{dispute.pk}?case={dispute.case_id}").content.decode()
    text = words(client.get(at))
    assert "charge code RENT-BOX, product Box TV-3, device TV3-1, at any amount" in text
    entry = AccessEntry.objects.filter(page="watch").latest("pk")
    assert (entry.customer_id, entry.case_id) == (holder.customer_id, watch.case_id)
    assert signed_in(a_person(partner=a_partner())).get(at).status_code in {403, 404}
    assert client.get("/bills/watches/999999").status_code == 404


def test_it_is_widened_with_the_reason_after_it_was_seen_what_that_meets(dana: Person, dispute: Dispute) -> None:
    watch = upheld(dana, dispute)
    client, at = signed_in(dana), f"/bills/watches/{watch.pk}"
    wider = {"watch-code": "on", "watch-amount": "any", "watch-pattern": "", "reason": ""}
    seen = words(client.post(f"{at}/change", wider | {"look": "1"}))
    assert "And 1 line that nobody said to be wrong: Box rental 16.19" in seen
    assert client.post(f"{at}/change", wider).status_code == 422
    assert not WatchChange.objects.exists()
    assert client.post(f"{at}/change", wider | {"reason": "All boxes went back"}).status_code == 303
    text = words(client.get(at))
    assert "All boxes went back" in text
    assert "device TV3-1, at any amount charge code RENT-BOX, at any amount" in text
    narrower = wider | {"watch-device": "on", "reason": "Only this one after all"}
    assert client.post(f"{at}/change", narrower).status_code == 303
    assert Watch.objects.get().device_serial == "TV3-1"


def test_a_change_that_cannot_be_stands_in_the_form(dana: Person, dispute: Dispute) -> None:
    watch = upheld(dana, dispute)
    answer = signed_in(dana).post(
        f"/bills/watches/{watch.pk}/change",
        {"watch-code": "on", "watch-amount": "any", "watch-pattern": "modem", "reason": "So"},
    )
    assert answer.status_code == 422
    assert "has not these words" in words(answer)


def test_what_has_ended_is_shown_and_not_changed(dana: Person, dispute: Dispute) -> None:
    watch = upheld(dana, dispute)
    Watch.objects.update(state="ended", ended_at=timezone.now())
    client, at = signed_in(dana), f"/bills/watches/{watch.pk}"
    assert "What was watched for" in words(client.get(at))
    assert f'action="{at}/change"' not in client.get(at).content.decode()
