"""Who may see which customer, and what every look leaves behind."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tellonce.desk.access import Viewing, see_customer, visible_customers
from tellonce.desk.hands import hands_of
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.record import actions as record
from tellonce.modules.record import queries
from tellonce.modules.record.contracts import Channel, FlagKind, SplitError
from tellonce.modules.record.models import CustomerSplit
from tellonce.modules.staff.contracts import SYSTEM, OutsidePartnerError, ReasonNeededError, Role
from tellonce.modules.staff.models import AccessEntry, Person
from tests.factories import NOW, a_customer, a_partner, a_person, a_team

pytestmark = pytest.mark.django_db


def a_call(customer_id: int, *, taken_by: Person) -> int:
    contact = care.begin_contact(channel=Channel.CALL, at=NOW, by=SYSTEM, customer_id=customer_id)
    return care.take_contact(contact_id=contact.pk, by=taken_by.as_actor(), at=NOW).pk


def test_a_look_in_a_contact_needs_no_reason_and_says_which_contact() -> None:
    person, customer = a_person(), a_customer()
    contact_id = a_call(customer.pk, taken_by=person)

    see_customer(Viewing(person, "desk", NOW, contact_id=contact_id), customer.pk)

    entry = AccessEntry.objects.get()
    assert (entry.person_id, entry.customer_id, entry.contact_id) == (person.pk, customer.pk, contact_id)
    assert not entry.without_contact


def test_somebody_elses_contact_or_one_long_over_is_no_excuse() -> None:
    person, customer = a_person(), a_customer()
    elsewhere = a_call(a_customer().pk, taken_by=person)
    over = a_call(customer.pk, taken_by=person)
    care.end_contact(contact_id=over, by=person.as_actor(), at=NOW)

    see_customer(Viewing(person, "desk", NOW, contact_id=over), customer.pk)
    with pytest.raises(ReasonNeededError):
        see_customer(Viewing(person, "desk", NOW, contact_id=elsewhere), customer.pk)
    with pytest.raises(ReasonNeededError):
        see_customer(Viewing(person, "desk", NOW + timedelta(hours=2), contact_id=over), customer.pk)


def test_a_case_of_the_customer_counts_and_another_does_not() -> None:
    person, customer = a_person(), a_customer()
    mine, other = (
        care.open_case(customer_id=each.pk, matter_id=None, title="No picture", by=person.as_actor(), at=NOW)
        for each in (customer, a_customer())
    )

    see_customer(Viewing(person, "case", NOW, case_id=mine.pk), customer.pk)
    with pytest.raises(ReasonNeededError):
        see_customer(Viewing(person, "case", NOW, case_id=other.pk), customer.pk)


def test_a_restricted_customer_opens_only_with_a_reason_even_in_a_contact() -> None:
    person, customer = a_person(), a_customer()
    contact_id = a_call(customer.pk, taken_by=person)
    record.set_flag(customer_id=customer.pk, kind=FlagKind.RESTRICTED, reason="Known here", by=SYSTEM, at=NOW)

    with pytest.raises(ReasonNeededError, match="restricted"):
        see_customer(Viewing(person, "desk", NOW, contact_id=contact_id), customer.pk)
    see_customer(Viewing(person, "desk", NOW, contact_id=contact_id), customer.pk, reason=lambda _id: "They called me")

    assert AccessEntry.objects.get().reason == "They called me"


def test_a_partners_person_sees_only_customers_with_something_of_theirs() -> None:
    partner = a_partner()
    person, colleague = a_person(partner=partner), a_person(partner=partner)
    theirs, others = a_customer(), a_customer()
    contact_id = a_call(theirs.pk, taken_by=colleague)
    a_call(others.pk, taken_by=a_person())

    see_customer(Viewing(person, "desk", NOW, contact_id=contact_id), theirs.pk)
    with pytest.raises(OutsidePartnerError):
        see_customer(Viewing(person, "desk", NOW), others.pk, reason=lambda _id: "I am curious")

    both = [theirs.pk, others.pk]
    assert visible_customers(person=person, customer_ids=both) == {theirs.pk}
    assert visible_customers(person=a_person(), customer_ids=both) == set(both)


def test_a_case_given_to_a_partner_opens_the_customer_to_it() -> None:
    person, customer = a_person(partner=a_partner()), a_customer()
    care.open_case(
        customer_id=customer.pk,
        matter_id=None,
        title="No picture",
        by=a_person().as_actor(),
        at=NOW,
        owner_person_id=person.pk,
    )

    assert visible_customers(person=person, customer_ids=[customer.pk]) == {customer.pk}


def test_a_merged_customer_is_logged_as_the_one_it_reads_as() -> None:
    loser, winner = a_customer(), a_customer()
    record.merge_customers(loser_id=loser.pk, winner_id=winner.pk, by=SYSTEM, at=NOW)

    see_customer(Viewing(a_person(), "customer", NOW), loser.pk, reason=lambda _id: "asked by billing")

    assert AccessEntry.objects.get().customer_id == winner.pk


def test_a_page_without_a_contact_asks_why_once_and_logs_every_look(client: Client) -> None:
    person, customer = a_person(), a_customer(name="Maria Alvarez")
    client.force_login(person)
    page = f"/customers/{customer.pk}"

    asked = client.get(page)
    assert asked.status_code == 302
    reason = client.get(asked["Location"])
    assert "Maria" not in reason.content.decode()
    assert not AccessEntry.objects.exists()

    back = client.post("/why", {"customer": customer.pk, "next": page, "reason": "A colleague asked me to look"})
    assert back["Location"] == page
    assert client.get(page).status_code == 200
    assert client.get(page).status_code == 200

    entries = AccessEntry.objects.all()
    assert [(entry.reason, entry.without_contact) for entry in entries] == [("A colleague asked me to look", True)] * 2
    assert client.get(f"/customers/{a_customer().pk}").status_code == 302


def test_a_reason_wears_off(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = a_customer()
    client.force_login(a_person())
    client.post("/why", {"customer": customer.pk, "next": "/", "reason": "A colleague asked me to look"})
    later = timezone.now() + timedelta(minutes=16)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)

    assert client.get(f"/customers/{customer.pk}").status_code == 302


def test_htmx_is_sent_to_the_reason_and_back_to_its_page(client: Client) -> None:
    customer = a_customer()
    client.force_login(a_person(role=Role.SUPERVISOR))

    response = client.get(
        f"/customers/{customer.pk}",
        headers={"HX-Request": "true", "HX-Target": "story", "HX-Current-URL": "http://testserver/today"},
    )

    assert response.status_code == 403
    assert response["HX-Redirect"].startswith(f"/why?customer={customer.pk}&next=http%3A%2F%2Ftestserver%2Ftoday")


@pytest.mark.parametrize("back_to", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_a_reason_leads_nowhere_else(client: Client, back_to: str) -> None:
    client.force_login(a_person())

    assert client.post("/why", {"customer": 1, "next": back_to, "reason": "Because"})["Location"] == "/"
    assert client.post("/why", {"customer": 1, "next": "/", "reason": "  "}).status_code == 422
    assert client.get("/why?customer=x").status_code == 404


def test_a_partners_person_finds_customers_and_stories_of_theirs_only(client: Client) -> None:
    person = a_person(partner=a_partner())
    theirs, others = a_customer(name="Maria Alvarez"), a_customer(name="Mario Alvarez")
    a_call(theirs.pk, taken_by=person)
    for customer in (theirs, others):
        care.add_note(customer_id=customer.pk, words="The cable was bitten by a goat", by=SYSTEM, at=NOW)
    client.force_login(person)

    found = client.get("/customers?q=alvarez").context["found"]
    told = client.get("/stories?words=goat").context["moments"]

    assert [each.customer_id for each in found] == [theirs.pk]
    assert {each.told.customer_id for each in told} == {theirs.pk}
    client.force_login(a_person())
    assert len(client.get("/customers?q=alvarez").context["found"]) == 2
    assert AccessEntry.objects.filter(searched_for="alvarez").count() == 2


def test_words_of_a_restricted_story_are_not_found_by_searching_all_stories(client: Client) -> None:
    customer = a_customer()
    care.add_note(customer_id=customer.pk, words="The cable was bitten by a goat", by=SYSTEM, at=NOW)
    record.set_flag(customer_id=customer.pk, kind=FlagKind.RESTRICTED, reason="Known here", by=SYSTEM, at=NOW)
    client.force_login(a_person())

    assert client.get("/stories?words=goat").context["moments"] == []


def test_the_worklist_shows_a_partners_person_no_cases_of_others(client: Client) -> None:
    person, customer = a_person(partner=a_partner()), a_customer(name="Maria Alvarez")
    care.open_case(customer_id=customer.pk, matter_id=None, title="No picture", by=a_person().as_actor(), at=NOW)
    client.force_login(person)

    assert client.get("/cases?whose=all").context["lines"] == []


def test_a_customer_that_one_has_just_added_opens_at_once(client: Client) -> None:
    client.force_login(a_person())

    added = client.post("/customers/new", {"name": "Maria Alvarez", "kind": "person"})

    assert client.get(added["Location"]).status_code == 200
    assert AccessEntry.objects.get().reason == "I added this customer just now"


def test_to_a_partners_people_who_waits_has_no_name_and_unmatched_contacts_of_others_do_not_exist() -> None:
    partner = a_partner()
    person, own = a_person(partner=partner), a_person()
    care.begin_contact(channel=Channel.CALL, at=NOW, by=SYSTEM, customer_id=a_customer(name="Maria").pk, said="My leg")
    theirs = care.begin_contact(channel=Channel.CALL, at=NOW, by=SYSTEM, said="Taken by the partner")
    care.take_contact(contact_id=theirs.pk, by=person.as_actor(), at=NOW)
    ours = care.begin_contact(channel=Channel.CALL, at=NOW, by=SYSTEM, said="Taken by us")
    care.take_contact(contact_id=ours.pk, by=own.as_actor(), at=NOW)

    (waiting,) = hands_of(person, at=NOW).waiting
    assert (waiting.customer_name, waiting.said) == ("Somebody", "")
    assert hands_of(own, at=NOW).waiting[0].customer_name == "Maria"

    def words_for(somebody: Person) -> str:
        client = Client()
        client.force_login(somebody)
        return client.get("/contacts/unmatched").content.decode()

    assert "Taken by the partner" in words_for(person)
    assert "Taken by us" not in words_for(person)
    assert "Taken by us" in words_for(own)


def test_what_was_handed_to_somebody_is_taken_by_them_or_by_a_supervisor() -> None:
    team = a_team()
    mate, stranger, supervisor = a_person(team=team), a_person(), a_person(role=Role.SUPERVISOR)

    def handed() -> int:
        contact_id = a_call(a_customer().pk, taken_by=a_person())
        passed = care.hand_over(contact_id=contact_id, by=SYSTEM, at=NOW, line="Please", to_team_id=team.pk)
        return passed.pk

    def taken(somebody: Person, hand_over_id: int) -> int:
        client = Client()
        client.force_login(somebody)
        return client.post(f"/hand-overs/{hand_over_id}/take").status_code

    first, second = handed(), handed()
    assert [taken(stranger, first), taken(mate, first), taken(supervisor, second)] == [403, 303, 303]


def test_a_merge_opens_both_sides_by_the_same_rules() -> None:
    """A post alone must not read somebody whom the page before it would have refused."""
    person = a_person(partner=a_partner())
    mine, others = a_customer(), a_customer()
    contact_id = a_call(mine.pk, taken_by=person)
    client, own = Client(), Client()
    client.force_login(person)
    own.force_login(a_person())
    page = f"/customers/{mine.pk}/merge?contact={contact_id}"

    assert client.post(page, {"other": others.pk}).status_code == 403
    assert queries.same_customer_ids(mine.pk) == (mine.pk,)

    for customer in (mine, others):
        own.post("/why", {"customer": customer.pk, "next": "/", "reason": "They are one person"})
    assert own.get(f"/customers/{mine.pk}/merge?other={others.pk}").status_code == 200
    assert own.post(f"/customers/{mine.pk}/merge", {"other": others.pk}).status_code == 303
    assert AccessEntry.objects.filter(customer_id=others.pk, page="merge").count() == 2


def test_a_second_customer_is_looked_at_in_a_contact_of_the_first_for_a_reason(client: Client) -> None:
    person, mine, other = a_person(), a_customer(), a_customer()
    contact_id = a_call(mine.pk, taken_by=person)
    client.force_login(person)
    page = f"/customers/{mine.pk}/merge?contact={contact_id}&other={other.pk}"

    assert client.get(page)["Location"].startswith(f"/why?customer={other.pk}&")
    client.post("/why", {"customer": other.pk, "next": "/", "reason": "They are one person"})
    assert client.get(page).status_code == 200


def test_merges_and_splits_of_others_are_not_undone_from_here() -> None:
    person = a_person(partner=a_partner())
    mine, one, two = a_customer(), a_customer(), a_customer()
    contact_id = a_call(mine.pk, taken_by=person)
    merge = record.merge_customers(loser_id=one.pk, winner_id=two.pk, by=SYSTEM, at=NOW)
    case = care.open_case(customer_id=mine.pk, matter_id=None, title="No picture", by=SYSTEM, at=NOW)
    away = record.split_customer(
        customer_id=mine.pk, moments=[], others=[("case", case.pk)], name="Luis", by=SYSTEM, at=NOW
    )
    split, strange = CustomerSplit.objects.get(new_customer=away), 10**6
    client = Client()
    client.force_login(person)

    def undone(what: str, number: int) -> int:
        return client.post(f"/customers/{mine.pk}/{what}?contact={contact_id}", {"undo": number}).status_code

    assert [undone("merge", merge.pk), undone("split", strange), undone("split", split.pk)] == [409, 409, 403]
    assert queries.same_customer_ids(one.pk) == (two.pk, one.pk)


def test_a_split_gives_away_work_of_this_customer_and_of_nobody_else(client: Client) -> None:
    client.force_login(a_person())
    mine, other = a_customer(), a_customer()
    own, strange = (
        care.open_case(customer_id=each.pk, matter_id=None, title="No picture", by=SYSTEM, at=NOW)
        for each in (mine, other)
    )
    client.post("/why", {"customer": mine.pk, "next": "/", "reason": "They are two people"})
    page = f"/customers/{mine.pk}/split"
    assert f'value="case:{own.pk}"' in client.get(page).content.decode()

    for wrong in ({"thing": f"case:{strange.pk}"}, {"thing": "case:x"}, {"moment": "x"}, {"thing": "case"}):
        assert client.post(page, {"name": "Luis"} | wrong).status_code == 422, wrong
    with pytest.raises(SplitError):
        record.split_customer(
            customer_id=mine.pk, moments=[], others=[("case", strange.pk)], name="Luis", by=SYSTEM, at=NOW
        )
    assert client.post(page, {"name": "Luis", "thing": f"case:{own.pk}"}).status_code == 303

    luis = CustomerSplit.objects.get().new_customer_id
    assert [line.id for line in care_queries.customer_cases([luis])] == [own.pk]
    assert care_queries.customer_cases([mine.pk]) == []


def test_somebody_who_moves_to_a_partner_does_not_bring_their_customers_along() -> None:
    partner, person, customer = a_partner(), a_person(), a_customer()
    a_call(customer.pk, taken_by=person)
    Person.objects.filter(pk=person.pk).update(partner=partner)

    colleague = a_person(partner=partner)
    assert visible_customers(person=colleague, customer_ids=[customer.pk]) == frozenset()
