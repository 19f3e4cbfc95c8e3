"""The TM Forum resources follow their specifications: what comes out, what must come in, lists and errors."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from tellonce.modules.care import actions as care
from tellonce.modules.care.models import Case, Contact
from tellonce.modules.record import actions as record
from tellonce.modules.record.contracts import NewAccount, NewCustomer, NewPerson, NewPremise, NewService
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.modules.staff.models import AccessEntry
from tellonce.openapi.tests.asking import Program, a_program
from tellonce.openapi.tests.specs import definitions, faults

pytestmark = [pytest.mark.django_db, pytest.mark.data]
INTERACTIONS = "/tmf-api/partyInteraction/v4/partyInteraction"
PROBLEMS = "/tmf-api/serviceProblemManagement/v4/serviceProblem"
CUSTOMERS = "/tmf-api/customerManagement/v4/customer"
TICKETS = "/tmf-api/troubleTicket/v4/troubleTicket"


@pytest.fixture
def program() -> Program:
    return a_program()


@pytest.fixture
def customer_id() -> int:
    new = NewCustomer(
        source="x",
        external_id="1",
        name="Maria Alvarez",
        people=(NewPerson(name="Maria Alvarez", phones=("+13035550100",), mails=("maria@example.net",)),),
        premises=(NewPremise(line="1 Elm St", town="Ely", postcode="89301"),),
        accounts=(NewAccount(number="A-1"),),
        services=(NewService(plan="Fibre 500"),),
        facts={"contract": "Two year"},
    )
    return record.load_customers([new], by=SYSTEM, at=timezone.now()).customer_ids[0]


def _interaction(**more: Any) -> dict[str, Any]:
    return {
        "interactionDate": {"startDateTime": "2026-03-02T09:00:00Z"},
        "reason": "Internet drops",
        "status": "opened",
        "direction": "inbound",
        "channel": [{"id": "1", "href": "x", "name": "phone"}],
        **more,
    }


def _party(customer_id: int) -> list[dict[str, str]]:
    return [{"id": str(customer_id), "href": "x", "role": "customer", "@referredType": "Customer"}]


def _problem(**more: Any) -> dict[str, Any]:
    return {
        "category": "service.lost",
        "priority": 1,
        "description": "No signal",
        "reason": "Cable cut",
        "originatorParty": {"id": "noc", "@referredType": "Individual"},
        "affectedLocation": [{"id": "N"}],
        **more,
    }


def test_an_interaction_comes_in_and_goes_out_as_tmf683_says(program: Program, customer_id: int) -> None:
    body = _interaction(relatedParty=_party(customer_id), description="Drops at night")
    answer = program.ask("POST", INTERACTIONS, body, **{"Idempotency-Key": "k-1"})
    assert answer.status_code == 201
    assert faults("TMF683", "PartyInteraction", answer.json()) == []
    assert program.ask("POST", INTERACTIONS, body, **{"Idempotency-Key": "k-1"}).json()["id"] == answer.json()["id"]
    contact = Contact.objects.get()
    assert (contact.channel, contact.said, contact.customer_id) == ("call", "Drops at night", customer_id)
    read = program.ask("GET", urlsplit(answer["Location"]).path)
    assert read.json() == answer.json()
    listed = program.ask("GET", f"{INTERACTIONS}?relatedParty.id={customer_id}&fields=status")
    assert listed.json() == [{key: answer.json()[key] for key in ("id", "href", "status", "@type")}]
    assert AccessEntry.objects.filter(customer_id=customer_id, person_id=0).exists()


def test_a_completed_interaction_is_ended_at_its_end(program: Program) -> None:
    period = {"startDateTime": "2026-03-02T09:00:00Z", "endDateTime": "2026-03-02T09:10:00Z"}
    answer = program.ask("POST", INTERACTIONS, _interaction(status="completed", interactionDate=period))
    assert (answer.json()["status"], answer.json()["interactionDate"]) == ("completed", period)


def test_a_problem_comes_in_changes_and_ends_as_tmf656_says(program: Program) -> None:
    record.add_area(kind="region", name="North", code="N", parent_id=None)
    answer = program.ask("POST", PROBLEMS, _problem(creationDate="2026-03-02T09:00:00Z"))
    assert answer.status_code == 201
    assert faults("TMF656", "ServiceProblem", answer.json()) == []
    path = f"{PROBLEMS}/{answer.json()['id']}"
    expected = [{"name": "expectedResolutionDate", "value": "2026-03-02T12:00:00Z"}]
    changed = program.ask("PATCH", path, {"characteristic": expected, "reason": "Dug up"})
    assert (changed.json()["reason"], changed.json()["characteristic"][0]["value"]) == (
        "Dug up",
        "2026-03-02T12:00:00Z",
    )
    ended = program.ask("PATCH", path, {"status": "closed", "resolutionDate": "2026-03-02T11:00:00Z"})
    assert (ended.json()["status"], ended.json()["resolutionDate"]) == ("closed", "2026-03-02T11:00:00Z")
    assert faults("TMF656", "ServiceProblem", ended.json()) == []
    assert program.ask("GET", path).json() == ended.json()
    listed = program.ask("GET", PROBLEMS)
    assert (listed["X-Total-Count"], len(listed.json())) == ("1", 1)


def test_a_customer_goes_out_as_tmf629_says(program: Program, customer_id: int) -> None:
    answer = program.ask("GET", f"{CUSTOMERS}/{customer_id}").json()
    assert faults("TMF629", "Customer", answer) == []
    mediums = {medium["mediumType"]: medium["characteristic"] for medium in answer["contactMedium"]}
    assert mediums["phone"] == {"phoneNumber": "+13035550100"}
    assert mediums["postalAddress"]["city"] == "Ely"
    assert answer["account"][0]["name"] == "A-1"
    assert answer["characteristic"] == [{"name": "contract", "value": "Two year"}]


def test_lists_are_cut_and_counted(program: Program) -> None:
    new = [NewCustomer(source="x", external_id=str(number), name=f"C{number}") for number in range(5)]
    record.load_customers(new, by=SYSTEM, at=timezone.now())
    answer = program.ask("GET", f"{CUSTOMERS}?offset=3&limit=10&fields=name")
    assert (answer["X-Total-Count"], answer["X-Result-Count"]) == ("5", "2")
    assert [customer["name"] for customer in answer.json()] == ["C3", "C4"]
    assert set(answer.json()[0]) == {"id", "href", "name", "@type"}
    assert AccessEntry.objects.filter(page="api customer").count() == 2


def test_a_ticket_opens_a_case_as_tmf621_says(program: Program, customer_id: int) -> None:
    care.lay_first_matters()
    body = {"description": "Drops every evening", "severity": "minor", "ticketType": "internet.drops"}
    answer = program.ask("POST", TICKETS, body | {"relatedParty": _party(customer_id)})
    assert answer.status_code == 201
    assert faults("TMF621", "TroubleTicket", answer.json()) == []
    case = Case.objects.get()
    assert (case.customer_id, case.title) == (customer_id, "Drops every evening")
    assert case.matter is not None
    assert case.matter.code == "internet.drops"
    assert program.ask("GET", f"{TICKETS}/{case.pk}").json() == answer.json()
    assert program.ask("GET", TICKETS)["X-Total-Count"] == "1"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", f"{CUSTOMERS}/999999999", None, 404),
        ("GET", f"{INTERACTIONS}/999999999", None, 404),
        ("GET", f"{TICKETS}/999999999", None, 404),
        ("GET", f"{PROBLEMS}/999999999", None, 404),
        ("GET", f"{CUSTOMERS}?limit=0", None, 400),
        ("GET", f"{INTERACTIONS}?relatedParty.id=x", None, 400),
        ("POST", INTERACTIONS, _interaction(direction="sideways"), 400),
        ("POST", INTERACTIONS, _interaction(channel=[]), 400),
        ("POST", INTERACTIONS, _interaction(relatedParty=[{"id": "abc", "role": "customer"}]), 400),
        ("POST", PROBLEMS, _problem(affectedLocation=[]), 400),
        ("POST", PROBLEMS, _problem(characteristic=[{"name": "beganAt", "value": "then"}]), 400),
        ("POST", TICKETS, {"description": "x", "severity": "y", "ticketType": "z"}, 400),
    ],
)
def test_errors_have_the_body_that_tmf630_wants(
    program: Program, method: str, path: str, body: Any, status: int
) -> None:
    answer = program.ask(method, path, body)
    assert answer.status_code == status
    assert faults("TMF683", "Error", answer.json()) == []


@pytest.mark.parametrize(
    ("spec", "name", "path", "whole"),
    [
        ("TMF683", "PartyInteraction_Create", INTERACTIONS, _interaction()),
        ("TMF656", "ServiceProblem_Create", PROBLEMS, _problem()),
        ("TMF621", "TroubleTicket_Create", TICKETS, {"description": "x", "severity": "y", "ticketType": "z"}),
    ],
)
def test_whatever_the_specification_requires_is_required(
    program: Program, spec: str, name: str, path: str, whole: dict[str, Any]
) -> None:
    for required in definitions(spec)[name]["required"]:
        answer = program.ask("POST", path, {key: value for key, value in whole.items() if key != required})
        assert answer.status_code == 400
        assert required in answer.json()["message"]


def test_a_wrong_key_is_told_as_tmf630_says(program: Program) -> None:
    program.text = "tlo_nobody_knows"
    answer = program.ask("GET", CUSTOMERS)
    assert answer.status_code == 401
    assert faults("TMF629", "Error", answer.json()) == []
