"""What may be said to whom: the line beside a contact in hand, the key that asks who it is, and the password."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from tellonce.modules.care import actions as care
from tellonce.modules.care import queries
from tellonce.modules.care.contracts import CallerLevel
from tellonce.modules.care.models import CallerPassword, Promise
from tellonce.modules.record import queries as record
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.contracts import Role
from tellonce.modules.staff.models import Person
from tests.factories import a_contact, a_customer, a_person

pytestmark = pytest.mark.django_db
NUMBER, MAIL, PASSWORD = "+15035550142", "maria@example.net", "blue heron 7"


@pytest.fixture
def dana() -> Person:
    return a_person(name="Dana Reyes")


@pytest.fixture
def maria() -> Customer:
    at = timezone.now() - timedelta(days=90)
    return a_customer(name="Maria Alvarez", phone=NUMBER, mail=MAIL, at=at)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def deed(customer: Customer, name: str, contact_id: int) -> str:
    return f"/customers/{customer.pk}/do/{name}?contact={contact_id}"


def test_the_line_says_what_may_be_said_and_the_key_asks_who_it_is(dana: Person, maria: Customer) -> None:
    contact = a_contact(customer=maria, taken_by=dana, at=timezone.now(), reached_from=NUMBER)
    client = signed_in(dana)
    for address in (f"/?contact={contact.pk}", f"/customers/{maria.pk}?contact={contact.pk}"):
        text = text_of(client, address)
        for words in ("What may be said", "Not verified", "general talk only", "no call detail", 'data-key="i"'):
            assert words in text
    form = text_of(client, deed(maria, "identify", contact.pk))
    assert "No password is set. Calling them back at +1 503-555-0142 verifies them at once." in form
    assert f"Send a code to {MAIL} first" in form
    assert "photo id" not in form
    answer = client.post(deed(maria, "identify", contact.pk), {"way": "questions"})
    assert (answer.status_code, answer["Location"]) == (303, f"/?contact={contact.pk}")
    text = text_of(client, f"/?contact={contact.pk}")
    for words in ("Known", "No call detail", "by their number and questions on the account, Dana Reyes"):
        assert words in text


def test_from_the_shop_to_a_call_that_is_verified_by_password(dana: Person, maria: Customer) -> None:
    client, now = signed_in(dana), timezone.now()
    visit = a_contact(customer=maria, taken_by=dana, channel="shop", at=now)
    assert client.get(deed(maria, "caller-password", visit.pk)).status_code == 400
    client.post(deed(maria, "identify", visit.pk), {"way": "photo"})
    assert "call detail too" in text_of(client, f"/?contact={visit.pk}")
    address = deed(maria, "caller-password", visit.pk)
    assert "Verified by a photo id in the shop" in text_of(client, address)
    unlike = client.post(address, {"password": PASSWORD, "again": "blue heron 8"})
    assert (unlike.status_code, CallerPassword.objects.count()) == (422, 0)
    guessed = client.post(address, {"password": "alvarez 99", "again": "alvarez 99"})
    assert "may not be made of" in guessed.content.decode()
    assert client.post(address, {"password": PASSWORD, "again": PASSWORD}).status_code == 303
    call = a_contact(customer=maria, taken_by=dana, at=now, reached_from=NUMBER)
    asked = deed(maria, "identify", call.pk)
    assert client.post(asked, {"way": "password", "said": " "}).status_code == 422
    wrong = client.post(asked, {"way": "password", "said": "grey goose"})
    assert "Tries left in this contact: 2." in wrong.content.decode()
    assert "grey goose" not in wrong.content.decode()
    assert client.post(asked, {"way": "password", "said": PASSWORD}).status_code == 303
    whole = text_of(client, f"/?contact={call.pk}")
    assert "by their password, Dana Reyes" in whole
    assert "Set a password" in whole
    for words in ("Who it is: verified", "Password set", "The password of your account was changed"):
        assert words in whole
    assert PASSWORD not in whole


def test_three_wrong_tries_are_said_on_the_line_and_close_the_ways(dana: Person, maria: Customer) -> None:
    now, client = timezone.now(), signed_in(dana)
    visit = a_contact(customer=maria, taken_by=dana, channel="shop", at=now)
    care.identify_by_photo(contact_id=visit.pk, by=dana.as_actor(), at=now)
    care.set_caller_password(contact_id=visit.pk, password=PASSWORD, by=dana.as_actor(), at=now)
    call = a_contact(customer=maria, taken_by=dana, at=now)
    asked = deed(maria, "identify", call.pk)
    for _ in range(3):
        client.post(asked, {"way": "password", "said": "grey goose"})
    text = text_of(client, f"/?contact={call.pk}")
    assert "Three wrong tries" in text
    assert "Could not say who they are" in text
    form = text_of(client, asked)
    assert 'value="password"' not in form
    assert client.post(asked, {"way": "password", "said": PASSWORD}).status_code in {400, 422}
    assert queries.standing(call.pk).level == CallerLevel.UNVERIFIED


def test_a_code_is_sent_and_read_back(dana: Person, maria: Customer) -> None:
    call, client = a_contact(customer=maria, taken_by=dana, at=timezone.now()), signed_in(dana)
    asked = deed(maria, "identify", call.pk)
    assert "The code that we sent" not in text_of(client, asked)
    client.post(asked, {"way": "send"})
    assert "The code that we sent" in text_of(client, asked)
    (letter,) = [each for each in record.story_page(maria.pk) if each.kind == "care.caller_code_sent"]
    code = queries.with_code(letter.words, moment_id=letter.id).removeprefix("Your code is ")[:6]
    whole = text_of(client, f"/?contact={call.pk}")
    assert "Sent a one-time code" in whole
    assert code not in whole
    client.post(asked, {"way": "code", "said": code})
    assert queries.standing(call.pk).is_verified


def test_where_it_is_not_asked_there_is_no_line(dana: Person, maria: Customer) -> None:
    client, now = signed_in(dana), timezone.now()
    mail = a_contact(customer=maria, taken_by=dana, channel="mail", at=now)
    waiting, over = a_contact(customer=maria, at=now), a_contact(customer=maria, taken_by=dana, at=now)
    care.end_contact(contact_id=over.pk, by=dana.as_actor(), at=now)
    for contact in (mail, waiting, over):
        assert 'id="may-say"' not in text_of(client, f"/?contact={contact.pk}")
    assert client.get(deed(maria, "identify", mail.pk)).status_code == 400


def test_a_live_event_brings_the_line_anew(dana: Person, maria: Customer) -> None:
    call = a_contact(customer=maria, taken_by=dana, at=timezone.now())
    headers = {"HX-Request": "true", "HX-Target": "fresh"}
    text = signed_in(dana).get(f"/?contact={call.pk}", headers=headers).content.decode()
    assert 'id="may-say" role="group" aria-label="What may be said" hx-swap-oob="true"' in text


@pytest.mark.parametrize("role", Role)
def test_who_serves_customers_may_ask_in_a_contact_of_their_own_and_nobody_else(role: Role, maria: Customer) -> None:
    person, other = a_person(role=role), a_person()
    is_serving = signed_in(person).get("/customers").status_code == 200
    for taker in (person, other):
        call = a_contact(customer=maria, taken_by=taker, at=timezone.now(), reached_from=NUMBER)
        status = signed_in(person).post(deed(maria, "identify", call.pk), {"way": "questions"}).status_code
        expected = (303 if taker is person else 400) if is_serving else 403
        assert (status, queries.standing(call.pk).level == CallerLevel.KNOWN) == (expected, expected == 303)


def test_a_changed_number_or_address_is_told_at_once_where_it_was_before(dana: Person, maria: Customer) -> None:
    client = signed_in(dana)
    call = a_contact(customer=maria, taken_by=dana, at=timezone.now())
    client.post(deed(maria, "add-reach", call.pk), {"kind": "mail", "value": "new@example.net"})
    (notice,) = [each for each in record.story_page(maria.pk) if each.kind == "care.message_written"]
    assert "A number or address of your account was changed" in notice.headline.rest
    assert "new@example.net" not in notice.words
    newcomer = a_customer(name="Joel Tran", at=timezone.now())
    call = a_contact(customer=newcomer, taken_by=dana, at=timezone.now())
    client.post(deed(newcomer, "add-reach", call.pk), {"kind": "mail", "value": "joel@example.net"})
    assert not [each for each in record.story_page(newcomer.pk) if each.kind == "care.message_written"]
    assert not Promise.objects.filter(customer_id=newcomer.pk).exists()
