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
from tellonce.modules.care import actions as care
from tellonce.modules.network import actions as network
from tellonce.modules.record import actions as record
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.contracts import SYSTEM, Role
from tellonce.modules.staff.models import Person
from tellonce.webkit import times
from tests.factories import a_case, a_contact, a_customer, a_matter, a_person, a_promise

CATALOGUE = Path(tellonce.__file__).parent / "locale" / "es" / "LC_MESSAGES" / "django.po"
PAGES = [
    *("/", "/today", "/customers", "/customers?q=herrera", "/customers/new", "/cases", "/cases?whose=unowned"),
    *("/stories", "/contacts/new", "/contacts/unmatched", "/kit", "/me", "/outages", "/admin/people"),
    *("/admin/people/add", "/admin/places", "/admin/matters", "/admin/answers", "/admin/access"),
    *("/admin/imports", "/admin/keys", "/admin/queues", "/admin/retention", "/admin/reasons", "/nothing-here"),
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
