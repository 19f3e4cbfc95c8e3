"""A file comes in whole or not at all; again changes nothing; the report says where and what."""

from datetime import timedelta
from pathlib import Path

import pytest

from tellonce.intake import actions, queries
from tellonce.intake.actions.bringing import ask_for, bring_in, look, plan_for
from tellonce.intake.actions.files import read_in_place
from tellonce.intake.contracts import BadMappingError, ImportStateError, RunState
from tellonce.intake.mapping import mapping_from
from tellonce.intake.models import ImportRun
from tellonce.intake.tests.making import ADA, CONTACTS, CUSTOMERS, NOW, a_file, brought_in
from tellonce.modules.care import queries as care_queries
from tellonce.modules.care.models import Contact
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.models import Customer, Moment

pytestmark = pytest.mark.django_db
GOOD = ("1,Ana,2020-01-31,A-1,1 Elm St,Ely,Net,59.00", "2,Ben,2021-05-01,A-2,2 Elm St,Ely,Tele,19.90")


def test_a_file_comes_in_with_everything_it_says(tmp_path: Path) -> None:
    run = brought_in(a_file(tmp_path, *GOOD))
    assert (run.state, run.rows, run.added, run.changed, run.unchanged) == (RunState.DONE, 2, 2, 0, 0)
    ana = Customer.objects.get(source="small", external_id="1")
    card = record_queries.card(ana.pk)
    assert (card.name, card.number, card.services[0].plan, card.services[0].price_minor) == ("Ana", "A-1", "Net", 5900)
    assert set(Moment.objects.filter(customer_id=ana.pk).values_list("import_id", flat=True)) == {run.pk}
    assert run.by_name == "Ada Reyes"
    assert len(run.sha256) == 64


def test_again_changes_nothing_and_other_values_change_what_is_other(tmp_path: Path) -> None:
    brought_in(a_file(tmp_path, *GOOD))
    told = Moment.objects.count()
    again = brought_in(a_file(tmp_path, *GOOD))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    assert Moment.objects.count() == told
    moved = brought_in(a_file(tmp_path, GOOD[0].replace("59.00", "64.00"), GOOD[1]), at=NOW + timedelta(days=1))
    assert (moved.added, moved.changed, moved.unchanged) == (0, 1, 1)


def test_looking_says_what_would_happen_and_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    brought_in(a_file(tmp_path, GOOD[0]))
    path = a_file(tmp_path, GOOD[0], GOOD[1])
    report = look(plan_for(path, mapping_from(CUSTOMERS, called="m"), None), by=ADA, at=NOW)
    assert (report.counts.added, report.counts.unchanged) == (1, 1)
    assert report.first_rows[1]["name"] == "Ben"
    service = report.first_rows[1]["services"][0]
    assert (service["plan"], service["kind"], service["price_minor"]) == ("Tele", "phone", 1990)
    assert Customer.objects.filter(source="small").count() == 1
    assert ImportRun.objects.count() == 1


def test_one_bad_row_refuses_the_file_and_every_problem_has_its_place(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        GOOD[0],
        "2,Ben,31.12.2021,A-2,2 Elm St,Ely,Tele,19.90",
        "3,Cem,2021-01-01,A-3,3 Elm St,Ely,Fax,cheap",
        "4,Dana,2021-01-01",
        "1,Eve,2021-01-01,A-5,5 Elm St,Ely,Net,1.00",
    )
    run = brought_in(path)
    assert run.state == RunState.REFUSED
    assert not Customer.objects.filter(source="small").exists()
    found = [(p["line"], p["column"], p["value"]) for p in run.report["problems"]]
    assert found == [
        (3, "since", "31.12.2021"),
        (4, "service", "Fax"),
        (4, "price", "cheap"),
        (5, "", "3 values"),
        (6, "", "1"),
    ]
    assert all(p["what"] and p["do"] for p in run.report["problems"])


def test_what_the_record_refuses_is_found_to_its_line(tmp_path: Path) -> None:
    brought_in(a_file(tmp_path, GOOD[0]))
    other = CUSTOMERS.replace('source = "small"', 'source = "other"')
    run = brought_in(a_file(tmp_path, GOOD[1], "9,Zed,2021-01-01,A-1,9 Elm St,Ely,Net,5.00"), other)
    assert [(p["line"], p["value"]) for p in run.report["problems"]] == [(3, "A-1")]
    twice = brought_in(a_file(tmp_path, GOOD[1], "9,Zed,2021-01-01,A-2,9 Elm St,Ely,Net,5.00"), other)
    assert twice.report["problems"][0]["line"] == 3
    assert not Customer.objects.filter(source="other").exists()


def test_an_area_that_is_not_there_is_told_by_line(tmp_path: Path) -> None:
    path = a_file(tmp_path, GOOD[0] + ",N-1", header="id,name,since,account,street,town,service,price,area")
    assert brought_in(path).report["problems"][0]["value"] == "N-1"


def test_a_mapping_that_counts_from_a_date_wants_it_stated(tmp_path: Path) -> None:
    counting = CUSTOMERS.replace('since = "since"', 'since = { column = "since", as = "months_before" }')
    with pytest.raises(BadMappingError, match="state it"):
        brought_in(a_file(tmp_path, GOOD[0]), counting)


def test_contacts_find_their_customer_or_stay_unmatched_and_matters_follow_rules(tmp_path: Path) -> None:
    brought_in(a_file(tmp_path, GOOD[0]))
    calls = a_file(
        tmp_path,
        "c1,2025-07-04T21:00:00,Speed is low again,1",
        "c2,2025-07-04T22:00:00,speed dial is gone,7",
        header="call,at,said,customer",
        name="calls.csv",
    )
    run = brought_in(calls, CONTACTS)
    assert (run.state, run.added) == (RunState.DONE, 2)
    mine = Contact.objects.get(external_id="c1")
    assert mine.customer is not None
    assert mine.customer.external_id == "1"
    assert mine.began_at.isoformat() == "2025-07-05T03:00:00+00:00"
    assert mine.matter_id == care_queries.matter_id("internet.slow")
    theirs = Contact.objects.get(external_id="c2")
    assert (theirs.customer_id, theirs.matter_id) == (None, None)
    assert any("not matched yet" in note for note in run.report["notes"])
    told = [moment for moment in record_queries.story_page(mine.customer.pk) if moment.channel == "call"]
    assert told[-1].at == mine.began_at
    assert brought_in(calls, CONTACTS).unchanged == 2


def test_a_file_that_is_done_stays_done_and_one_that_was_refused_is_over(tmp_path: Path) -> None:
    run = brought_in(a_file(tmp_path, GOOD[0]))
    assert bring_in(run_id=run.pk, by=ADA, at=NOW).state == RunState.DONE
    refused = brought_in(a_file(tmp_path, GOOD[1].replace("2021-05-01", "May")))
    with pytest.raises(ImportStateError):
        bring_in(run_id=refused.pk, by=ADA, at=NOW)


def test_a_handed_in_file_is_looked_at_then_brought_in_then_forgotten(tmp_path: Path) -> None:
    path = a_file(tmp_path, *GOOD)
    received = actions.receive(chunks=[path.read_bytes()], name="../../etc/pass wd.csv")
    run = ask_for(received=received, mapping_text=CUSTOMERS, as_of=None, by=ADA, at=NOW)
    assert run.file_name == "pass wd.csv"
    assert received.sha256 == read_in_place(path).sha256
    looked = actions.look_at(run_id=run.pk, by=ADA, at=NOW)
    assert (looked.state, looked.added) == (RunState.LOOKED_AT, 2)
    assert not Customer.objects.filter(source="small").exists()
    done = actions.bring_in(run_id=run.pk, by=ADA, at=NOW)
    assert (done.state, done.stored_as) == (RunState.DONE, "")
    assert not actions.stored_path(received.stored_as).exists()
    same = queries.same_file(received.sha256)
    assert same is not None
    assert same.run_id == run.pk


def test_a_bad_value_that_two_fields_take_is_told_once(tmp_path: Path) -> None:
    mapping = CUSTOMERS + '\n[[person]]\nname = "name"\n'
    run = brought_in(a_file(tmp_path, GOOD[0].replace("Ana", "A" * 201)), mapping)
    assert [(problem["line"], problem["column"]) for problem in run.report["problems"]] == [(2, "name")]


def test_what_only_the_record_refuses_names_its_line_and_quotes_it_in_the_value_alone(tmp_path: Path) -> None:
    rows = (*GOOD, "3,Cem,2021-01-01,A-1,3 Elm St,Ely,Net,1", "4,Dea,2021-01-01,A-4,4 Elm St,Ely,Net,1")
    run = brought_in(a_file(tmp_path, *rows))
    (problem,) = run.report["problems"]
    assert (problem["line"], problem["what"]) == (4, "The record refuses this row.")
    assert "A-1" in problem["value"]
