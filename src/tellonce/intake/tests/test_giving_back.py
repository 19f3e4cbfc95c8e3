"""An undo gives back what the import changed, where nobody changed it since, and says so in the story."""

from datetime import timedelta
from pathlib import Path

import pytest

from tellonce.intake import actions
from tellonce.intake.contracts import RunState, Undone
from tellonce.intake.models import ImportRun
from tellonce.intake.tests.making import ADA, CONTACTS, NOW, a_file, brought_in
from tellonce.modules.care import actions as care
from tellonce.modules.care.models import Contact
from tellonce.modules.record import actions as record
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import CustomerCard, ToldMoment
from tellonce.modules.record.models import Customer, ImportChange, PersonOfRecord, SearchEntry, Service
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import a_customer

pytestmark = pytest.mark.django_db
NIGHT = NOW + timedelta(days=1)
DAY = NOW + timedelta(days=2)
MAPPING = """
name = "billing"
title = "The export of every night"
of = "customers"
source = "billing"

[customer]
external_id = "id"
name = "name"
left_on = "left"

[[account]]
number = "account"
cycle_day = "day"

[[person]]
name = "name"
phone = "phone"

[[premise]]
line = "street"
postcode = "zip"

[[service]]
external_id = { constant = "net" }
kind = { constant = "internet" }
plan = "plan"
price = "price"
status = { first_of = [{ column = "ended", values = {}, otherwise = "ended" }, { constant = "active" }] }
until = "ended"

[[service]]
kind = { constant = "tv" }
plan = { constant = "TV Family" }
when = { column = "tv", is = "Y" }

[facts]
contract = "contract"
score = { column = "score", as = "whole" }
"""
CALLS = CONTACTS.replace('customer_source = "small"', 'customer_source = "billing"')
HEADER = "id,name,left,account,day,phone,street,zip,plan,price,ended,tv,contract,score"
ANA = "1,Ana Ruiz,,A-1,3,,7 Elm Rd,62701,Fibre 300,59.00,,N,yearly,4"
BEN = "2,Ben Cole,,A-2,9,,8 Elm Rd,62701,Fibre 300,59.00,,N,yearly,"


def _night(folder: Path, *rows: str, at: int = 1) -> ImportRun:
    run = brought_in(a_file(folder, *rows, header=HEADER), MAPPING, at=NOW + timedelta(days=at))
    assert run.state == RunState.DONE, run.report
    return run


def _undone(run: ImportRun) -> Undone:
    return actions.undo(run_id=run.pk, by=ADA, at=DAY)


def _ana() -> int:
    return Customer.objects.get(source="billing", external_id="1").pk


def _state(pk: int) -> tuple[object, ...]:
    """Everything that is known of a customer now."""
    card: CustomerCard = record_queries.card(pk)
    found = sorted(SearchEntry.objects.filter(customer_id=pk).values_list("kind", "folded", "is_left"))
    came = Customer.objects.values_list("fingerprint", "came_as", "import_id").get(pk=pk)
    return card, found, came


def _story(pk: int) -> list[ToldMoment]:
    return record_queries.story_page(pk)


CHANGES = {
    "a price": (ANA.replace("59.00", "64.00"), "Fibre 300 · 59.00 USD"),
    "a plan": (ANA.replace("Fibre 300", "Fibre 500"), "Fibre 300 · 59.00 USD"),
    "a name": (ANA.replace("Ana Ruiz", "Ana Diaz"), "Ana Ruiz"),
    "left": (ANA.replace("Ruiz,,", "Ruiz,2026-02-28,"), "left_on"),
    "facts": (ANA.replace("yearly,4", "monthly,"), "facts"),
    "a bill day": (ANA.replace("A-1,3", "A-1,17"), "cycle_day"),
    "the end of a service": (ANA.replace("59.00,,", "59.00,2026-02-28,"), "Fibre 300 · 59.00 USD"),
    "a phone": (ANA.replace("A-1,3,,", "A-1,3,(303) 555-0100,"), ""),
    "a place": (ANA.replace("7 Elm Rd,62701", "1 Bay St,62702"), ""),
    "a service": (ANA.replace(",N,", ",Y,"), ""),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_the_import_changed_is_as_it_was(what: str, tmp_path: Path) -> None:
    row, now = CHANGES[what]
    _night(tmp_path, ANA, BEN, at=0)
    before = _state(_ana())
    run = _night(tmp_path, row, BEN)
    assert (run.changed, run.unchanged) == (1, 1)
    told = _story(_ana())[0]
    assert _state(_ana()) != before
    undone = _undone(run)
    assert (undone.customers, undone.given_back >= 1, undone.kept, undone.stays) == (0, True, (), ())
    assert _state(_ana()) == before
    newest = _story(_ana())[0]
    assert (newest.kind, newest.at, newest.headline.rest) == ("record.import_undone", DAY, now)
    assert newest.corrected is not None
    assert told.id not in {moment.id for moment in _story(_ana())}
    assert not ImportChange.objects.exists()
    again = _night(tmp_path, ANA, BEN, at=3)
    assert again.unchanged == 2
    assert _night(tmp_path, row, BEN, at=4).changed == 1


def test_a_place_and_a_service_that_were_over_when_they_came_are_taken_away(tmp_path: Path) -> None:
    mapping = MAPPING.replace('postcode = "zip"', 'postcode = "zip"\nuntil = "left"')
    mapping = mapping.replace('"TV Family" }', '"TV Family" }\nstatus = { constant = "ended" }')
    row = ANA.replace("Ruiz,,", "Ruiz,2026-02-28,")
    brought_in(a_file(tmp_path, row, header=HEADER), mapping, at=NOW)
    before = _state(_ana())
    moved = row.replace("7 Elm Rd,62701", "1 Bay St,62702").replace(",N,", ",Y,")
    run = brought_in(a_file(tmp_path, moved, header=HEADER), mapping, at=NIGHT)
    assert run.state == RunState.DONE, run.report
    assert {"record.moved_out", "record.service_ended"} <= {moment.kind for moment in _story(_ana())}
    assert _undone(run).stays == ()
    assert _state(_ana()) == before


def test_what_somebody_changed_since_stays_and_is_named(tmp_path: Path) -> None:
    _night(tmp_path, ANA, BEN, at=0)
    other = "1,Ana Diaz,,A-1,17,(303) 555-0100,7 Elm Rd,62701,Fibre 300,64.00,,Y,monthly,4"
    run = _night(tmp_path, other, BEN.replace("59.00", "64.00"))
    ana, day = _ana(), NIGHT + timedelta(hours=9)
    net, tv = (Service.objects.get(customer_id=ana, kind=kind) for kind in ("internet", "tv"))
    record.change_service(service_id=net.pk, price_minor=7000, by=ADA, at=day)
    record.change_service(service_id=tv.pk, price_minor=500, by=ADA, at=day)
    record.rename_customer(customer_id=ana, name="Ana Diaz-Ruiz", by=ADA, at=day)
    undone = _undone(run)
    assert undone.stays == (
        "Ana Diaz-Ruiz: name",
        "Ana Diaz-Ruiz: person of record, name",
        "Ana Diaz-Ruiz: service, price",
        "Ana Diaz-Ruiz: service",
    )
    card = record_queries.card(ana)
    assert (card.name, card.facts["contract"], card.phones) == ("Ana Diaz-Ruiz", "yearly", ())
    assert {(service.plan, service.price_minor) for service in card.services} == {
        ("Fibre 300", 7000),
        ("TV Family", 500),
    }
    headlines = [f"{moment.headline.lead}: {moment.headline.rest}" for moment in _story(ana)]
    assert "Service changed: Fibre 300 · 59.00 USD, now 64.00 USD" in headlines
    assert "Service changed: Fibre 300 · 64.00 USD, now 70.00 USD" in headlines
    assert "Service began: TV Family" in headlines
    assert "Taken back: an import was undone: facts, cycle_day" in headlines
    run.refresh_from_db()
    assert "Diaz" not in str(run.undo_report)


def test_a_person_on_whom_a_contact_hangs_is_not_taken_away(tmp_path: Path) -> None:
    _night(tmp_path, ANA, at=0)
    run = _night(tmp_path, ANA.replace("Ana Ruiz", "Ana Diaz").replace("1,Ana Diaz", "1,"), at=1)
    assert run.changed == 0
    mapping = MAPPING + '\n[[person]]\nname = "street"\n'
    run = brought_in(a_file(tmp_path, ANA, header=HEADER), mapping, at=NIGHT)
    person = PersonOfRecord.objects.get(name="7 Elm Rd")
    care.begin_contact(channel="call", at=NIGHT, by=ADA, customer_id=_ana(), person_of_record_id=person.pk)
    assert _undone(run).stays == ("Ana Ruiz: person of record",)
    assert PersonOfRecord.objects.filter(pk=person.pk).exists()


def test_nights_are_undone_from_the_last_to_the_first_as_if_they_had_not_been(tmp_path: Path) -> None:
    first = _night(tmp_path, ANA, BEN, at=0)
    before = _state(_ana())
    second = _night(tmp_path, ANA.replace("59.00", "64.00"), BEN)
    third = _night(tmp_path, ANA.replace("59.00", "69.00"), BEN, at=2)
    assert _undone(third).stays == ()
    assert record_queries.card(_ana()).services[0].price_minor == 6400
    assert _undone(second).stays == ()
    assert _state(_ana()) == before
    undone = _undone(first)
    assert (undone.customers, undone.kept) == (2, ())


def test_undoing_the_earlier_of_two_leaves_what_the_later_one_says(tmp_path: Path) -> None:
    _night(tmp_path, ANA, at=0)
    earlier = _night(tmp_path, ANA.replace("59.00", "64.00"))
    _night(tmp_path, ANA.replace("59.00", "69.00"), at=2)
    assert _undone(earlier).stays == ("Ana Ruiz: service, price",)
    assert record_queries.card(_ana()).services[0].price_minor == 6900


def test_what_is_no_longer_kept_stays_and_is_counted(tmp_path: Path) -> None:
    _night(tmp_path, ANA, at=0)
    run = _night(tmp_path, ANA.replace("59.00", "64.00"))
    ImportChange.objects.all().delete()
    assert _undone(run).given_back == 0
    assert record_queries.card(_ana()).services[0].price_minor == 6400
    assert [moment.kind for moment in _story(_ana())] == ["record.service_changed", "record.customer_added"]
    run.refresh_from_db()
    assert run.undo_report["changed_stays"] == 1


def _calls(folder: Path, *rows: str, at: int) -> ImportRun:
    path = a_file(folder, *rows, header="call,at,said,customer", name="calls.csv")
    return brought_in(path, CALLS, at=NOW + timedelta(days=at))


def test_contacts_have_their_words_and_customers_back(tmp_path: Path) -> None:
    _night(tmp_path, ANA, BEN, at=0)
    ana, ben = _ana(), Customer.objects.get(external_id="2").pk
    rows = ("c1,2025-07-04T21:00:00,Speed is low,1", "c2,2025-07-04T22:00:00,Hello,7", "c3,2025-07-05T09:00:00,Hi,2")
    first = _calls(tmp_path, *rows, at=0)
    run = _calls(
        tmp_path,
        rows[0].replace("Speed is low", "Nothing at all"),
        rows[1].replace(",7", ",2"),
        rows[2].replace("Hi", "Hi there"),
        at=1,
    )
    assert run.changed == 3
    assert "care.contact_began" in [moment.kind for moment in _story(ben) if moment.words == "Hello"]
    Contact.objects.filter(external_id="c3").update(said="Put right by hand")
    undone = _undone(run)
    assert (undone.given_back, undone.stays) == (2, ("Ben Cole: contact, words",))
    said = dict(Contact.objects.values_list("external_id", "said"))
    assert said == {"c1": "Speed is low", "c2": "Hello", "c3": "Put right by hand"}
    assert Contact.objects.get(external_id="c2").customer_id is None
    newest = _story(ana)[0]
    assert (newest.kind, newest.words, newest.corrected is not None) == ("record.import_undone", "Speed is low", True)
    assert _story(ben)[0].kind == "care.contact_unmatched"
    assert not [moment for moment in _story(ben) if moment.words == "Hello"]
    assert [moment for moment in _story(ben) if moment.words == "Hi there"]
    last = _undone(first)
    assert (last.contacts, last.kept) == (2, ("c3",))
    assert [moment.kind for moment in _story(ana)] == ["record.customer_added"]


def test_contacts_that_another_import_told_of_are_kept_with_their_words(tmp_path: Path) -> None:
    customer = a_customer(source="billing", external_id="1")
    row = "c1,2025-07-04T21:00:00,Speed is low,1"
    path = a_file(tmp_path, row, header="call,at,said,customer", name="calls.csv")
    first = brought_in(path, CALLS)
    path.write_text(path.read_text().replace("low", "high"))
    second = actions.bring_in(
        run_id=actions.ask_for(
            received=actions.receive(chunks=[path.read_bytes()], name="c.csv"),
            mapping_text=CALLS,
            as_of=None,
            by=SYSTEM,
            at=NIGHT,
        ).pk,
        by=SYSTEM,
        at=NIGHT,
    )
    assert second.changed == 1
    assert _undone(first).kept == ("c1",)
    assert {"Speed is high", "Speed is low"} == {moment.words for moment in _story(customer.pk)} - {""}
