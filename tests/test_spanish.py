"""Whoever chose Spanish reads Spanish: every page that opens by itself, a customer's pages, their forms and errors."""

import html
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html.parser import HTMLParser
from http import HTTPStatus
from pathlib import Path
from typing import Any

import polib
import pytest
from django.test import Client
from django.utils import timezone, translation

import tellonce
from tellonce.desk.deeds import CASE_DEEDS, DEEDS
from tellonce.lab.rehearsal import CallsChange, Change, HoursChange, MenuChange, PeopleChange, PressureChange, SiteAdded
from tellonce.modules.care import actions as care
from tellonce.modules.network import actions as network
from tellonce.modules.phone.models import Queue
from tellonce.modules.planning import actions as planning
from tellonce.modules.planning.actions import decisions, rehearsing
from tellonce.modules.planning.contracts.decisions import DecisionTerms
from tellonce.modules.planning.models import Decision
from tellonce.modules.planning.tests.centre import a_centre
from tellonce.modules.planning.tests.making import MONDAY, a_forecast, a_queue, a_shift, key
from tellonce.modules.planning.web.decision_forms import CHANGE_FORMS
from tellonce.modules.record import actions as record
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.contracts import SYSTEM, Role
from tellonce.modules.staff.models import Person
from tellonce.webkit import times
from tests.factories import NOW, a_case, a_contact, a_customer, a_matter, a_person, a_promise

CATALOGUE = Path(tellonce.__file__).parent / "locale" / "es" / "LC_MESSAGES" / "django.po"
PAGES = [
    *("/", "/today", "/customers", "/customers?q=herrera", "/customers/new", "/cases", "/cases?whose=unowned"),
    *("/stories", "/contacts/new", "/contacts/unmatched", "/kit", "/me", "/outages", "/admin/people"),
    *("/admin/people/add", "/admin/places", "/admin/matters", "/admin/answers", "/admin/access"),
    *(
        "/admin/imports",
        "/admin/keys",
        "/admin/queues",
        "/admin/retention",
        "/admin/reasons",
        "/plan",
        "/decisions",
        "/decisions/new",
        "/nothing-here",
    ),
]
SPOKEN = ("title", "placeholder", "aria-label", "alt", "data-busy", "data-key-label", "data-kept", "data-problem")
APART = ("code", "kbd", "script", "style")  # not words: names of things, keys, programs
NAMES = re.compile(r"\b(code|swatches|kit-icons|face)\b")
ENGLISH = re.compile(
    r"\b(the|and|of|with|is|are|was|this|your|you|nothing|nobody|customers?|cases?|story|today|yesterday|ago|due|since"
    r"|until|by|for|not|what|who|search|add|change|waiting|open|close|save|keep|leave|sign|new|minutes?|days?)\b"
)


class Reader(HTMLParser):
    """The texts that a page shows or speaks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._apart: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if self._apart or tag in APART or NAMES.search(known.get("class") or "") or ("lang" in known and tag != "html"):
            if tag not in {"input", "br", "link", "meta", "img", "hr"}:
                self._apart.append(tag)
            return
        self.texts += [known[name] or "" for name in SPOKEN if known.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._apart:
            while self._apart.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._apart:
            self.texts.append(data)


def _texts(page: str) -> list[str]:
    reader = Reader()
    reader.feed(page)
    found = (" ".join(text.split()).strip(" ·:,.") for text in reader.texts)
    return [text for text in found if re.search(r"[^\W\d]{2}", text)]


@pytest.fixture(scope="module")
def foreign() -> set[str]:
    """The English texts that are no Spanish ones as well."""
    entries = [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.msgid_plural]
    spanish = {entry.msgstr.strip(" ·:,.") for entry in entries}
    return {entry.msgid.strip(" ·:,.") for entry in entries if entry.msgid != entry.msgstr} - spanish


@pytest.fixture(autouse=True)
def _back_to_english() -> Iterator[None]:
    """What a request activated stays active in this process: the next test shall not be Spanish."""
    with translation.override("en"):
        yield


@pytest.fixture
def since() -> datetime:
    return timezone.now() - timedelta(days=3)


@pytest.fixture
def ana(db: None) -> Person:
    return a_person(role=Role.ADMINISTRATOR, name="Ana Ruiz", email="ana@example.net", language="es")


@pytest.fixture
def reading(ana: Person, client: Client) -> Client:
    client.force_login(ana)
    return client


@pytest.fixture
def lucia(since: datetime) -> Customer:
    """A customer with something in every panel, and in the story something of every group."""
    lucia = a_customer(name="Lucía Herrera", phone="+13035550123", mail="lucia@example.net", languages=["es"], at=since)
    about: dict[str, Any] = {"customer_id": lucia.pk, "by": SYSTEM, "at": since}
    region = record.add_area(kind="region", name="Oeste", code="O")
    premise = record.add_premise(line="Calle Olmo 12", town="Pueblo", area_id=region.pk)
    record.move_in(premise_id=premise.pk, **about)
    record.add_account(number="A-1", cycle_day=min(since.day, 28), **about)
    record.add_service(kind="internet", plan="Fibra 500", price_minor=5900, promotion_ends_on=since.date(), **about)
    record.add_device(kind="modem", maker="Arcadyan", **about)
    record.add_person_of_record(name="Luis Herrera", authority="ask", **about)
    record.set_flag(kind="life_line", reason="monitor de oxígeno", **about)
    network.report_outage(
        area_id=region.pk, kind="lost", began_at=since, expected_until=None, cause="", by=SYSTEM, at=since
    )
    a_promise(customer=lucia, due_at=since + timedelta(hours=1), what="devolver la llamada", at=since)
    a_promise(customer=lucia, due_at=since + timedelta(days=9), what="enviar un módem", at=since)
    care.break_overdue_promises(at=since + timedelta(days=1))
    contact = a_contact(customer=lucia, taken_by=a_person(name="Sam Ortiz"), at=since)
    care.tell_again(contact_id=contact.pk, by=SYSTEM, at=since)
    care.end_contact(contact_id=contact.pk, by=SYSTEM, at=since, matter_id=a_matter("internet.drops"))
    a_contact(said_name="Rosa Vega", reached_from="+13035550199", said="no hay internet", at=since)
    return lucia


@pytest.fixture
def planned(db: None) -> Queue:
    """A queue with a forecast and a few shifts, named in Spanish as its owner would."""
    queue = a_queue(code="averías")
    a_forecast(queue)
    for number in range(3):
        shift = a_shift(label=f"Puesto {number}", hour=8 + number)
        planning.add_shift(key=key(queue, number), shift=shift, by=SYSTEM, at=NOW)
    return queue


LEVERS: tuple[Change, ...] = (
    PeopleChange(2, 9, 12, (0, 1, 2)),
    HoursChange(8, 20, (5, 6)),
    SiteAdded("Costa", 2, 8, 12),
    MenuChange(0.1, 0.02),
    PressureChange(0.9, 0.03),
    CallsChange(1.3, days=3),
)


@pytest.fixture
def rehearsed(ana: Person, monkeypatch: pytest.MonkeyPatch) -> Decision:
    """A decision whose policies were rehearsed by a worker that speaks English; one of them was taken a week ago."""
    monkeypatch.setattr(rehearsing, "_STEPS", (2,))
    terms = DecisionTerms("¿Dos más por la mañana?", (a_centre().pk,), weeks=1, hour_cost_minor=2500)
    made = decisions.draft_decision(terms=terms, owner_id=ana.pk, seed=1, by=ana.as_actor(), at=NOW)
    rehearsing.read_calls(decision_id=made.pk, now=lambda: NOW)
    for number, change in enumerate(LEVERS):
        place = None if number in {0, 2, 4} else number // 2
        decisions.add_change(decision_id=made.pk, policy=place, name=f"Plan {number}", change=change, by=SYSTEM, at=NOW)
    rehearsing.ask_rehearsal(decision_id=made.pk, by=SYSTEM, at=NOW)
    rehearsing.rehearse_decision(decision_id=made.pk, now=lambda: NOW)
    return Decision.objects.get(pk=made.pk)


def _english(page: str, foreign: set[str]) -> Iterator[str]:
    for text in _texts(page):
        if text in foreign or ENGLISH.search(re.sub(r"\{\w+\}", "", text.lower())):
            yield text


@pytest.mark.django_db
def test_pages_are_spanish(reading: Client, lucia: Customer, foreign: set[str]) -> None:
    opened = {address: reading.get(address) for address in PAGES}

    unopened = [each for each, page in opened.items() if page.status_code != HTTPStatus.OK]
    assert unopened == ["/nothing-here"]
    assert not [address for address, page in opened.items() if '<html lang="es"' not in page.text]
    found = {address: sorted(set(_english(page.text, foreign))) for address, page in opened.items()}
    assert not {address: words for address, words in found.items() if words}
    assert "Escritorio" in opened["/"].text
    assert re.search(r"(lunes|martes|miércoles|jueves|viernes|sábado|domingo) \d+ de [a-z]+<", opened["/today"].text)


@pytest.mark.django_db
def test_a_customer_a_case_and_their_record_are_spanish(
    reading: Client, ana: Person, lucia: Customer, foreign: set[str], since: datetime
) -> None:
    contact = a_contact(customer=lucia, taken_by=ana, at=since)
    case = a_case(
        customer=lucia,
        matter="internet.drops",
        title="se corta",
        at=since,
        owner_person_id=a_person(name="Pía Soto").pk,
    )
    page = reading.get(f"/customers/{lucia.pk}?contact={contact.pk}").text
    with translation.override("es"):
        told = times.spoken(since, now=timezone.now())

    for words in ("Resumen", "Le debemos", "El internet se corta", "Lo que le ha costado", "Línea vital", told):
        assert words in html.unescape(page)
    assert re.match(r"(lunes|martes|miércoles|jueves|viernes|sábado|domingo) \d\d:\d\d$", told)
    pages = [
        page,
        *(
            reading.get(f"/cases/{case.pk}").text,
            reading.get(f"/customers/{lucia.pk}/record?contact={contact.pk}").text,
        ),
    ]
    assert not [found for each in pages for found in _english(each, foreign)]


@pytest.mark.django_db
def test_forms_are_spanish(reading: Client, ana: Person, lucia: Customer, foreign: set[str], since: datetime) -> None:
    case = a_case(customer=lucia, title="va lento", at=since)
    contact = a_contact(customer=lucia, taken_by=ana, at=since)
    addresses = [f"/customers/{lucia.pk}/do/{name}?contact={contact.pk}" for name in DEEDS]
    addresses += [f"/cases/{case.pk}/do/{name}" for name in CASE_DEEDS]

    found = {address: sorted(set(_english(reading.get(address).text, foreign))) for address in addresses}

    assert not {address: words for address, words in found.items() if words}


@pytest.mark.django_db
def test_signing_in_and_its_errors_are_spanish(client: Client, foreign: set[str]) -> None:
    asked = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}
    pages = [client.get("/sign-in", headers=asked).text, client.get("/sign-in/password/reset", headers=asked).text]
    pages.append(client.post("/sign-in", {"login": "a@example.net", "password": "no"}, headers=asked).text)

    assert "Entrar" in pages[0]
    assert not [found for page in pages for found in _english(page, foreign)]


@pytest.mark.django_db
def test_a_planned_week_and_what_is_wrong_in_it_are_spanish(reading: Client, planned: Queue, foreign: set[str]) -> None:
    week = f"/plan/{planned.pk}/{MONDAY.isoformat()}"
    pages = {
        "week": reading.get(f"/plan?queue={planned.pk}&day={MONDAY.isoformat()}"),
        "no forecast": reading.get(f"/plan?queue={planned.pk}&day=2031-05-05"),
        "conflict": reading.post(f"{week}/people", {"version": "1", "day": "0", "step": "40,44,1"}),
        "people": reading.post(f"{week}/people", {"version": "3", "day": "0", "people-people": "x"}),
        "shift": reading.post(f"{week}/shift", {"version": "3", "day": "0", "shift-since": "9:00"}),
        "roster": reading.post(
            f"{week}/roster",
            {
                "version": "3", "day": "0", "roster-people": "3", "roster-days": "5", "roster-shift_hours": "8.1",
                "roster-break_min": "30", "roster-first_start": "08:00", "roster-last_start": "10:00",
                "roster-seconds": "5",
            },
        ),
    }  # fmt: skip

    found = {name: sorted(set(_english(page.text, foreign))) for name, page in pages.items()}

    assert not {name: words for name, words in found.items() if words}
    assert {name: page.status_code for name, page in pages.items() if page.status_code != HTTPStatus.OK} == {
        "conflict": HTTPStatus.CONFLICT,
        "people": HTTPStatus.UNPROCESSABLE_ENTITY,
        "shift": HTTPStatus.UNPROCESSABLE_ENTITY,
        "roster": HTTPStatus.BAD_REQUEST,
    }


@pytest.mark.django_db
def test_a_decision_its_forms_and_what_is_wrong_in_them_are_spanish(
    reading: Client, rehearsed: Decision, foreign: set[str]
) -> None:
    address = f"/decisions/{rehearsed.pk}"
    wrong = {"count": "0", "since": "08:00", "length_h": "30", "weekdays": ["0"], "policy": "0"}
    pages = {
        "decision": reading.get(address),
        **{kind: reading.get(f"{address}/change/{kind}") for kind in CHANGE_FORMS},
        "wrong change": reading.post(f"{address}/change/people", wrong),
        "nothing typed": reading.post("/decisions/new", {}),
        "taken": reading.post(f"{address}/take", {"policy": "Plan 0"}, follow=True),
        "taken again": reading.post(f"{address}/take", {"policy": "Plan 2"}),
        "all": reading.get("/decisions"),
    }

    found = {name: sorted(set(_english(page.text, foreign))) for name, page in pages.items()}

    assert not {name: words for name, words in found.items() if words}
    assert pages["wrong change"].status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert rehearsed.state == "rehearsed", rehearsed.rehearsal.refused


@pytest.mark.django_db
def test_what_a_worker_could_not_rehearse_is_spanish(reading: Client, ana: Person, foreign: set[str]) -> None:
    terms = DecisionTerms("¿Abrir el domingo?", (a_queue(code="averías").pk,))
    made = decisions.draft_decision(terms=terms, owner_id=ana.pk, seed=1, by=ana.as_actor(), at=NOW)
    with translation.override("en"):
        rehearsing.read_calls(decision_id=made.pk, now=lambda: NOW)

    page = reading.get(f"/decisions/{made.pk}").text

    assert 'role="alert"' in page
    assert not list(_english(page, foreign))
