"""An undo hides what an import added, keeps what people worked on later, and can be taken back by importing again."""

from datetime import timedelta
from pathlib import Path

import pytest

from tellonce.intake import actions
from tellonce.intake.contracts import ImportStateError, RunState
from tellonce.intake.models import ImportRun
from tellonce.intake.tests.making import ADA, CONTACTS, NOW, a_file, brought_in
from tellonce.modules.care import actions as care
from tellonce.modules.care.models import Contact
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import CustomerNotFoundError
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.contracts import SYSTEM

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
GOOD = ("1,Ana,2020-01-31,A-1,1 Elm St,Ely,Net,59.00", "2,Ben,2021-05-01,A-2,2 Elm St,Ely,Tele,19.90")


def _customer(external_id: str) -> Customer:
    return Customer.objects.get(source="small", external_id=external_id)


def _calls(folder: Path) -> ImportRun:
    return brought_in(
        a_file(
            folder,
            "c1,2025-07-04T21:00:00,Speed is low again,1",
            "c2,2025-07-04T22:00:00,Hello,7",
            "c3,2025-07-04T23:00:00,Hello again,1",
            header="call,at,said,customer",
            name="calls.csv",
        ),
        CONTACTS,
    )


def test_undo_hides_customers_and_their_story_and_again_brings_them_back(tmp_path: Path) -> None:
    run = brought_in(a_file(tmp_path, *GOOD))
    ana = _customer("1").pk
    before = [(moment.kind, moment.at) for moment in record_queries.story_page(ana)]
    undone = actions.undo(run_id=run.pk, by=ADA, at=LATER)
    assert (undone.customers, undone.kept) == (2, ())
    with pytest.raises(CustomerNotFoundError):
        record_queries.card(ana)
    assert not record_queries.search_stories("Ana")
    with pytest.raises(ImportStateError, match="cannot be undone"):
        actions.undo(run_id=run.pk, by=ADA, at=LATER)
    again = brought_in(a_file(tmp_path, *GOOD), at=LATER)
    assert (again.added, again.changed) == (0, 2)
    card = record_queries.card(ana)
    assert (card.name, [service.plan for service in card.services], card.premises[0].line) == (
        "Ana",
        ["Net"],
        "1 Elm St",
    )
    told = [(moment.kind, moment.at) for moment in record_queries.story_page(ana)]
    assert told == before
    assert actions.undo(run_id=again.pk, by=ADA, at=LATER).customers == 2


def test_undo_keeps_a_customer_with_later_work_and_says_which(tmp_path: Path) -> None:
    run = brought_in(a_file(tmp_path, *GOOD))
    ana = _customer("1").pk
    care.add_note(customer_id=ana, words="Prefers mornings", by=ADA, at=LATER)
    undone = actions.undo(run_id=run.pk, by=ADA, at=LATER)
    assert (undone.customers, undone.kept) == (1, ("Ana",))
    kinds = [moment.kind for moment in record_queries.story_page(ana)]
    assert "record.customer_added" in kinds
    assert "care.note_added" in kinds
    assert len(kinds) == len(set(kinds))
    with pytest.raises(CustomerNotFoundError):
        record_queries.card(_customer("2").pk)
    run.refresh_from_db()
    assert (run.state, run.undo_report["kept_customers"]) == (RunState.UNDONE, [ana])
    assert [service.plan for service in record_queries.card(ana).services] == ["Net"]


def test_undo_of_contacts_hides_them_and_keeps_those_worked_on(tmp_path: Path) -> None:
    brought_in(a_file(tmp_path, *GOOD))
    run = _calls(tmp_path)
    ana, ben = _customer("1").pk, _customer("2").pk
    worked = Contact.objects.get(external_id="c1")
    by_hand = Contact.objects.get(external_id="c2")
    care.open_case(customer_id=ana, matter_id=worked.matter_id, title="Slow", by=ADA, at=LATER, contact_id=worked.pk)
    care.match_contact(contact_id=by_hand.pk, customer_id=ben, by=ADA, at=LATER)
    undone = actions.undo(run_id=run.pk, by=ADA, at=LATER)
    assert (undone.contacts, undone.kept) == (1, ("c1", "c2"))
    contacts_told = {m.about.contact_id for m in record_queries.story_page(ana) if m.kind == "care.contact_began"}
    assert contacts_told == {worked.pk}
    assert "care.contact_began" in [moment.kind for moment in record_queries.story_page(ben)]


def test_undo_takes_back_what_a_rule_matched(tmp_path: Path) -> None:
    brought_in(a_file(tmp_path, *GOOD))
    run = _calls(tmp_path)
    ben = _customer("2").pk
    contact = Contact.objects.get(external_id="c2")
    care.match_contact(contact_id=contact.pk, customer_id=ben, by=SYSTEM, at=LATER, rule="reached_from")
    assert actions.undo(run_id=run.pk, by=ADA, at=LATER).kept == ()
    kinds = [moment.kind for moment in record_queries.story_page(ben)]
    assert "care.contact_began" not in kinds
    assert kinds[0] == "care.contact_unmatched"


def test_customers_stay_while_another_import_told_of_them(tmp_path: Path) -> None:
    customers = brought_in(a_file(tmp_path, *GOOD))
    calls = _calls(tmp_path)
    assert actions.undo(run_id=customers.pk, by=ADA, at=LATER).kept == ("Ana",)
    actions.undo(run_id=calls.pk, by=ADA, at=LATER)
