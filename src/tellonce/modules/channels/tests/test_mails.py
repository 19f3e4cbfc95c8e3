"""Mails over a real socket: sent once, refused for now, refused for ever, without an address, forgotten."""

import re
import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.utils import translation

from tellonce.modules.care import actions as care
from tellonce.modules.care.contracts import PromiseKind
from tellonce.modules.care.models import Promise
from tellonce.modules.channels import actions, queries
from tellonce.modules.channels.contracts import Answer, Letter, MessageState, Outcome
from tellonce.modules.channels.models import OutgoingMail
from tellonce.modules.channels.tests.mail_server import Catcher, mail_server
from tellonce.modules.channels.transports import DemoTransport, NoTransport, Transport, transport_for
from tellonce.modules.record import actions as record
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import DeliveryState, FlagKind, RetentionKind
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.contracts import SYSTEM, Actor, Role
from tests.factories import NOW, a_contact, a_customer, a_person

SUBJECT = "Your bill\r\nBcc: everybody@example.net"
WORDS = "The charge is off.\n.\nIt will not come back."


def a_letter(customer: Customer, *, by: Actor | None = None, words: str = WORDS, **more: Any) -> UUID:
    writer = by or a_person(name="Amina Diallo").as_actor()
    return care.write_customer(customer_id=customer.pk, subject=SUBJECT, words=words, by=writer, at=NOW, **more)


def smtp(server: Catcher) -> Transport:
    return transport_for(smtp_url=server.url, mail_from="care@provider.example", provider="Riverline", demo=False)


def sent(customer: Customer, moment: UUID, transport: Transport, **later: Any) -> Outcome | None:
    return actions.send_mail(
        customer_id=customer.pk, moment_id=moment, transport=transport, at=NOW + timedelta(**later)
    )


def delivery(customer: Customer, moment: UUID) -> str:
    return record_queries.moments(customer.pk, [moment])[0].delivery


def the_mail(moment: UUID) -> OutgoingMail:
    mail = queries.mail_of_moment(moment)
    assert mail is not None
    return mail


@pytest.mark.django_db
def test_a_mail_arrives_once_as_it_was_written() -> None:
    customer = a_customer(name="María Núñez", mail="maria@example.net")
    moment = a_letter(customer)
    assert delivery(customer, moment) == DeliveryState.WAITING
    with mail_server() as server:
        for _ in range(3):
            sent(customer, moment, smtp(server))
    (mail,) = server.mails
    assert (mail["to"], mail["from"]) == ("maria@example.net", "Riverline <care@provider.example>")
    assert (mail["subject"], mail["bcc"]) == ("Your bill Bcc: everybody@example.net", None)
    body = mail.get_content().replace("\r\n", "\n")
    assert body.startswith("Dear María Núñez,\n\nThe charge is off.\n.\nIt will not come back.")
    assert "Amina Diallo" in body
    assert (delivery(customer, moment), the_mail(moment).sent_by) == (DeliveryState.SENT, "smtp")


@pytest.mark.django_db
def test_a_mail_speaks_the_language_of_whoever_reads_it() -> None:
    customer = a_customer(mail="luz@example.net", languages=["es-MX"])
    with mail_server() as server:
        sent(customer, a_letter(customer), smtp(server))
    with translation.override("es"):
        wanted = translation.gettext("Kind regards")
    assert wanted in server.mails[0].get_content()


@pytest.mark.django_db
def test_a_server_that_cannot_now_is_tried_again_under_the_same_id() -> None:
    customer = a_customer(mail="a@example.net")
    moment = a_letter(customer)
    with mail_server() as server:
        server.refuse_rcpt = "451 4.7.1 greylisted a@example.net"
        outcome = sent(customer, moment, smtp(server))
        assert outcome == Outcome(Answer.LATER, "451 4.7.1 greylisted …")
        first_id = the_mail(moment).message_id
        assert (the_mail(moment).state, delivery(customer, moment)) == (MessageState.WAITING, DeliveryState.WAITING)
        server.refuse_rcpt = ""
        sent(customer, moment, smtp(server), minutes=1)
    assert [mail["message-id"] for mail in server.mails] == [first_id]
    assert not Promise.objects.exists()


@pytest.mark.django_db
def test_a_server_that_is_away_is_given_two_days() -> None:
    customer = a_customer(mail="a@example.net")
    moment = a_letter(customer)
    away = transport_for(smtp_url="smtp://127.0.0.1:1", mail_from="care@x.example", provider="R", demo=False)
    answers = [sent(customer, moment, away, hours=hours) for hours in (0, 47, 49)]
    assert [outcome.answer for outcome in answers if outcome] == [Answer.LATER, Answer.LATER, Answer.NEVER]
    assert delivery(customer, moment) == DeliveryState.FAILED


@pytest.mark.django_db
def test_a_refusal_for_ever_becomes_a_promise_of_whoever_wrote() -> None:
    customer = a_customer(mail="gone@example.net")
    writer = a_person()
    moment = a_letter(customer, by=writer.as_actor())
    with mail_server() as server:
        server.refuse_rcpt = "550 5.1.1 no such user"
        for _ in range(2):
            sent(customer, moment, smtp(server))
    promise = Promise.objects.get()
    assert (promise.owner_person_id, promise.kind, promise.customer_id) == (writer.pk, PromiseKind.CALL, customer.pk)
    assert promise.due_at > NOW
    assert (the_mail(moment).state, delivery(customer, moment)) == (MessageState.FAILED, DeliveryState.FAILED)


@pytest.mark.django_db
def test_without_an_address_it_becomes_a_promise_and_nobody_is_told() -> None:
    customer = a_customer()
    record.set_flag(customer_id=customer.pk, kind=FlagKind.DO_NOT_CALL, reason="asked us", by=SYSTEM, at=NOW)
    leader = a_person(role=Role.SUPERVISOR)
    moment = a_letter(customer, by=SYSTEM)
    for _ in range(2):
        assert sent(customer, moment, DemoTransport()) is None
    promise = Promise.objects.get()
    assert (promise.owner_person_id, promise.kind) == (leader.pk, PromiseKind.OTHER)
    assert delivery(customer, moment) == DeliveryState.NO_ADDRESS


@pytest.mark.django_db
def test_without_a_mail_server_it_becomes_a_promise_but_the_demo_shows_it_and_says_so() -> None:
    customer = a_customer(mail="a@example.net")
    shown, refused = a_letter(customer), a_letter(customer)
    sent(customer, shown, DemoTransport())
    sent(customer, refused, NoTransport())
    assert (the_mail(shown).sent_by, delivery(customer, shown)) == ("demo", DeliveryState.SENT)
    assert delivery(customer, refused) == DeliveryState.FAILED
    assert Promise.objects.count() == 1


@pytest.mark.django_db
def test_a_rude_goodbye_is_no_reason_to_send_again() -> None:
    customer = a_customer(mail="a@example.net")
    moment = a_letter(customer)
    with mail_server() as server:
        server.rude = True
        sent(customer, moment, smtp(server))
        sent(customer, moment, smtp(server))
    assert (len(server.mails), delivery(customer, moment)) == (1, DeliveryState.SENT)


class DiesAfterSending:
    """Stands for a worker killed between the server's yes and our writing it down."""

    name = "smtp"

    def __init__(self, real: Transport) -> None:
        self.real = real

    def send(self, letter: Letter) -> Outcome:
        self.real.send(letter)
        raise SystemExit


@pytest.mark.django_db(transaction=True)
def test_a_crash_after_sending_sends_again_under_the_same_id() -> None:
    customer = a_customer(mail="a@example.net")
    moment = a_letter(customer)
    with mail_server() as server:
        with pytest.raises(SystemExit):
            sent(customer, moment, DiesAfterSending(smtp(server)))
        assert the_mail(moment).state == MessageState.SENDING
        sent(customer, moment, smtp(server))
    assert len({mail["message-id"] for mail in server.mails}) == 1
    assert the_mail(moment).state == MessageState.SENT


class Slow:
    """Waits until the test lets it go on."""

    name = "smtp"

    def __init__(self) -> None:
        self.sends = 0
        self.is_sending = threading.Event()
        self.may_end = threading.Event()

    def send(self, letter: Letter) -> Outcome:
        self.sends += 1
        self.is_sending.set()
        assert self.may_end.wait(10)
        return Outcome(Answer.TAKEN)


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_mail() -> None:
    customer = a_customer(mail="a@example.net")
    moment = a_letter(customer)
    transport = Slow()

    def work() -> None:
        try:
            sent(customer, moment, transport)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    workers[0].start()
    assert transport.is_sending.wait(10)
    workers[1].start()
    workers[1].join(0.3)
    transport.may_end.set()
    for worker in workers:
        worker.join(10)
    assert transport.sends == 1
    assert the_mail(moment).state == MessageState.SENT


@pytest.mark.django_db
def test_forgetting_loses_words_and_addresses_and_stops_queued_mails() -> None:
    customer = a_customer(mail="a@example.net")
    gone, queued = a_letter(customer), a_letter(customer)
    with mail_server() as server:
        sent(customer, gone, smtp(server))
        server.refuse_data = "452 full"
        sent(customer, queued, smtp(server))
        assert len(actions.personal_data([customer.pk])["mails"]) == 2
        with transaction.atomic():
            actions.forget([customer.pk], at=NOW)
        server.refuse_data = ""
        assert sent(customer, queued, smtp(server)) is None
    assert len(server.mails) == 1
    for mail in queries.mails_of([customer.pk]):
        assert (mail.address, mail.subject, mail.body, mail.last_error) == ("", "", "", "")
    assert the_mail(queued).state == MessageState.DROPPED


@pytest.mark.django_db
def test_erasing_a_customer_stops_what_is_queued_and_what_is_still_in_the_outbox() -> None:
    customer = a_customer(name="Erase Me", mail="a@example.net")
    queued, in_outbox = a_letter(customer), a_letter(customer)
    sent(customer, queued, transport_for(smtp_url="smtp://127.0.0.1:1", mail_from="a@b.c", provider="R", demo=False))
    record.erase_customer(customer_id=customer.pk, by=SYSTEM, at=NOW)
    with mail_server() as server:
        for moment in (queued, in_outbox):
            assert sent(customer, moment, smtp(server)) is None
    assert not server.mails
    assert {mail.state for mail in queries.mails_of([customer.pk])} == {MessageState.DROPPED}
    assert not OutgoingMail.objects.exclude(address="", subject="", body="").exists()


@pytest.mark.django_db
def test_after_a_merge_a_letter_goes_to_the_customer_that_remains() -> None:
    kept, double = a_customer(mail="kept@example.net"), a_customer()
    moment = a_letter(double)
    record.merge_customers(loser_id=double.pk, winner_id=kept.pk, by=SYSTEM, at=NOW)
    with mail_server() as server:
        sent(double, moment, smtp(server))
    assert [mail["to"] for mail in server.mails] == ["kept@example.net"]


@pytest.mark.django_db
def test_bodies_expire_but_not_of_mails_on_their_way() -> None:
    customer = a_customer(mail="a@example.net")
    old, waiting = a_letter(customer), a_letter(customer)
    sent(customer, old, DemoTransport())
    sent(customer, waiting, transport_for(smtp_url="smtp://127.0.0.1:1", mail_from="a@b.c", provider="R", demo=False))
    assert actions.expire(kind=RetentionKind.RECORDINGS, before=NOW + timedelta(days=1)) == 0
    assert actions.expire(kind=RetentionKind.BODIES, before=NOW + timedelta(days=1)) == 1
    assert (the_mail(old).body, the_mail(waiting).body != "") == ("", True)


@pytest.mark.django_db
def test_a_one_time_code_leaves_the_house_and_is_kept_nowhere() -> None:
    person = a_person()
    customer = a_customer(mail="a@example.net", at=NOW - timedelta(days=90))
    contact = a_contact(customer=customer, taken_by=person)
    care.send_code(contact_id=contact.pk, by=person.as_actor(), at=NOW)
    moment = next(each.id for each in record_queries.story_page(customer.pk) if each.kind == "care.caller_code_sent")
    with mail_server() as server:
        sent(customer, moment, smtp(server))
    (code,) = re.findall(r"Your code is (\d{6})\.", server.mails[0].get_content())
    assert code not in the_mail(moment).body
    assert care.identify_by_code(contact_id=contact.pk, code=code, by=person.as_actor(), at=NOW).is_verified


@pytest.mark.django_db
def test_a_code_that_cannot_be_sent_is_no_promise() -> None:
    person = a_person()
    customer = a_customer(mail="a@example.net", at=NOW - timedelta(days=90))
    care.send_code(contact_id=a_contact(customer=customer, taken_by=person).pk, by=person.as_actor(), at=NOW)
    moment = next(each.id for each in record_queries.story_page(customer.pk) if each.kind == "care.caller_code_sent")
    sent(customer, moment, NoTransport())
    assert delivery(customer, moment) == DeliveryState.FAILED
    assert not Promise.objects.exists()
