"""Who is on the other side: each way in, the thirty days, the lock after three, and what it leaves behind."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from tellonce.kernel.errors import DomainError
from tellonce.modules.care import actions, queries
from tellonce.modules.care.contracts import (
    CallerLevel,
    CallerLockedOutError,
    CallerWay,
    CannotDoError,
    WrongSecretError,
)
from tellonce.modules.care.models import CallerCode, CallerPassword, Contact, Promise
from tellonce.modules.record import actions as record
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import ToldMoment
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.modules.staff.models import Person
from tests.factories import NOW, a_contact, a_customer, a_person

pytestmark = pytest.mark.django_db
NUMBER, MAIL, PASSWORD = "+15035550142", "maria@example.net", "Blue  heron 7"
DAY = timedelta(days=1)
LONG_AGO = NOW - 90 * DAY


@pytest.fixture
def dana() -> Person:
    return a_person(name="Dana Reyes")


@pytest.fixture
def maria() -> Customer:
    return a_customer(name="Maria Alvarez", phone=NUMBER, mail=MAIL, at=LONG_AGO)


def told(customer_id: int, kind: str) -> list[ToldMoment]:
    return [each for each in record_queries.story_page(customer_id) if each.kind == f"care.{kind}"]


def level(contact: Contact) -> CallerLevel:
    return queries.standing(contact.pk).level


def with_password(customer: Customer, person: Person) -> None:
    """The customer set a password in the shop, some days ago."""
    at = NOW - 2 * DAY
    visit = a_contact(customer=customer, taken_by=person, channel="shop", at=at)
    actions.identify_by_photo(contact_id=visit.pk, by=person.as_actor(), at=at)
    actions.set_caller_password(contact_id=visit.pk, password=PASSWORD, by=person.as_actor(), at=at)


def code_in(contact: Contact) -> str:
    """The code as it stands in the mail that leaves the house."""
    sent = CallerCode.objects.filter(contact=contact).latest("sent_at")
    (letter,) = record_queries.moments(contact.customer_id or 0, [sent.moment_id])
    return queries.with_code(letter.words, moment_id=sent.moment_id).removeprefix("Your code is ")[:6]


def test_a_number_that_matches_says_nothing_by_itself(dana: Person, maria: Customer) -> None:
    contact = a_contact(customer=maria, taken_by=dana, reached_from=NUMBER)
    standing = queries.standing(contact.pk)
    assert (standing.level, standing.how) == (CallerLevel.UNVERIFIED, "")
    assert "general talk only" in standing.allows
    assert "no call detail" in standing.withholds


def test_questions_on_the_account_never_open_call_detail(dana: Person, maria: Customer) -> None:
    contact = a_contact(customer=maria, taken_by=dana, reached_from="(503) 555-0142")
    standing = actions.identify_by_questions(contact_id=contact.pk, by=dana.as_actor(), at=NOW)
    assert standing.level == CallerLevel.KNOWN
    assert "No call detail" in standing.withholds
    with pytest.raises(CannotDoError, match="verified"):
        actions.set_caller_password(contact_id=contact.pk, password=PASSWORD, by=dana.as_actor(), at=NOW)
    (moment,) = told(maria.pk, "caller_identified")
    assert (moment.headline.lead, moment.by_name) == ("Who it is: known", "Dana Reyes")


def test_questions_need_a_number_of_record(dana: Person, maria: Customer) -> None:
    contact = a_contact(customer=maria, taken_by=dana, reached_from="+15035550199")
    with pytest.raises(CannotDoError, match="30 days"):
        actions.identify_by_questions(contact_id=contact.pk, by=dana.as_actor(), at=NOW)
    assert level(contact) == CallerLevel.UNVERIFIED


def test_their_password_verifies_as_it_is_heard(dana: Person, maria: Customer) -> None:
    with_password(maria, dana)
    contact = a_contact(customer=maria, taken_by=dana)
    standing = actions.identify_by_password(
        contact_id=contact.pk, password="blue HERON 7", by=dana.as_actor(), at=NOW + timedelta(minutes=1)
    )
    assert (standing.level, standing.way, standing.by_name) == (CallerLevel.VERIFIED, "password", "Dana Reyes")
    assert "call detail too" in standing.allows
    assert standing.withholds == ""


def test_three_wrong_tries_lock_password_and_code_for_this_contact_alone(dana: Person, maria: Customer) -> None:
    with_password(maria, dana)
    contact, by = a_contact(customer=maria, taken_by=dana), dana.as_actor()
    actions.send_code(contact_id=contact.pk, by=by, at=NOW)
    with pytest.raises(WrongSecretError, match="2"):
        actions.identify_by_password(contact_id=contact.pk, password="grey goose", by=by, at=NOW)
    with pytest.raises(WrongSecretError, match="1"):
        actions.identify_by_code(contact_id=contact.pk, code="nothing", by=by, at=NOW)
    with pytest.raises(CallerLockedOutError):
        actions.identify_by_password(contact_id=contact.pk, password="grey goose", by=by, at=NOW)
    with pytest.raises(CallerLockedOutError):
        actions.identify_by_password(contact_id=contact.pk, password=PASSWORD, by=by, at=NOW)
    with pytest.raises(CallerLockedOutError):
        actions.identify_by_code(contact_id=contact.pk, code=code_in(contact), by=by, at=NOW)
    with pytest.raises(CallerLockedOutError):
        actions.send_code(contact_id=contact.pk, by=by, at=NOW)
    assert level(contact) == CallerLevel.UNVERIFIED
    assert len(told(maria.pk, "caller_locked")) == 1
    another = a_contact(customer=maria, taken_by=dana)
    assert actions.identify_by_password(contact_id=another.pk, password=PASSWORD, by=by, at=NOW).is_verified


def test_a_code_goes_to_the_address_of_record_holds_once_and_is_kept_nowhere(dana: Person, maria: Customer) -> None:
    contact, by = a_contact(customer=maria, taken_by=dana), dana.as_actor()
    actions.send_code(contact_id=contact.pk, by=by, at=NOW)
    code = code_in(contact)
    assert code.isdecimal()
    (letter,) = told(maria.pk, "caller_code_sent")
    assert code not in letter.words
    assert code not in str(letter.data)
    assert (letter.direction, letter.delivery) == ("to", "waiting")
    spoken = f"{code[:3]} {code[3:]}"
    assert actions.identify_by_code(contact_id=contact.pk, code=spoken, by=by, at=NOW).is_verified
    with pytest.raises(CannotDoError, match="No code holds"):
        actions.identify_by_code(contact_id=contact.pk, code=code, by=by, at=NOW)


def test_a_code_holds_for_a_quarter_of_an_hour_in_its_own_contact(dana: Person, maria: Customer) -> None:
    contact, by = a_contact(customer=maria, taken_by=dana), dana.as_actor()
    until = actions.send_code(contact_id=contact.pk, by=by, at=NOW)
    code, another = code_in(contact), a_contact(customer=maria, taken_by=dana)
    for where, at in ((another, NOW), (contact, until)):
        with pytest.raises(CannotDoError, match="No code holds"):
            actions.identify_by_code(contact_id=where.pk, code=code, by=by, at=at)
    before = until - timedelta(seconds=1)
    assert actions.identify_by_code(contact_id=contact.pk, code=code, by=by, at=before).is_verified


def test_a_code_is_of_no_use_once_its_address_is_theirs_no_longer(dana: Person, maria: Customer) -> None:
    contact, by = a_contact(customer=maria, taken_by=dana), dana.as_actor()
    (mail,) = record_queries.card(maria.pk, at=NOW).mails
    record.add_contact_point(customer_id=maria.pk, kind="mail", value="m@example.org", by=SYSTEM, at=NOW - 40 * DAY)
    actions.send_code(contact_id=contact.pk, by=by, at=NOW)
    record.end_contact_point(contact_point_id=mail.id, by=by, at=NOW)
    with pytest.raises(CannotDoError, match="No code holds"):
        actions.identify_by_code(contact_id=contact.pk, code=code_in(contact), by=by, at=NOW)


@pytest.mark.parametrize(("days", "is_of_record"), [(29, False), (30, True)])
def test_numbers_and_addresses_count_from_the_thirtieth_day(days: int, *, is_of_record: bool, dana: Person) -> None:
    customer = a_customer(phone=NUMBER, mail=MAIL, at=NOW - days * DAY)
    called = a_contact(customer=customer, taken_by=dana, reached_from=NUMBER, direction="to")
    assert (level(called) == CallerLevel.VERIFIED) is is_of_record
    calling, by = a_contact(customer=customer, taken_by=dana, reached_from=NUMBER), dana.as_actor()
    ways = queries.ways(calling.pk, at=NOW)
    assert (bool(ways.mail_of_record), bool(ways.phone_of_record), ways.is_from_record) == (is_of_record,) * 3
    if not is_of_record:
        with pytest.raises(CannotDoError, match="30 days"):
            actions.send_code(contact_id=calling.pk, by=by, at=NOW)
        with pytest.raises(CannotDoError, match="30 days"):
            actions.identify_by_questions(contact_id=calling.pk, by=by, at=NOW)


def test_calling_back_the_number_of_record_verifies_at_once(dana: Person, maria: Customer) -> None:
    contact = a_contact(customer=maria, taken_by=dana, reached_from=NUMBER, direction="to")
    assert queries.standing(contact.pk).way == CallerWay.CALL_BACK
    (moment,) = told(maria.pk, "caller_identified")
    assert moment.headline.rest == "we called their number of record"


@pytest.mark.parametrize(
    ("channel", "direction", "number"),
    [("call", "to", "+15035550199"), ("text", "to", NUMBER), ("call", "from", NUMBER)],
)
def test_another_number_or_channel_or_their_own_call_is_no_call_back(
    channel: str, direction: str, number: str, dana: Person, maria: Customer
) -> None:
    contact = a_contact(customer=maria, taken_by=dana, channel=channel, direction=direction, reached_from=number)
    assert level(contact) == CallerLevel.UNVERIFIED


def test_a_photo_id_counts_in_a_shop_alone(dana: Person, maria: Customer) -> None:
    shop, call = (a_contact(customer=maria, taken_by=dana, channel=each) for each in ("shop", "call"))
    assert actions.identify_by_photo(contact_id=shop.pk, by=dana.as_actor(), at=NOW).is_verified
    with pytest.raises(CannotDoError, match="shop"):
        actions.identify_by_photo(contact_id=call.pk, by=dana.as_actor(), at=NOW)


def test_only_who_talks_with_them_says_who_they_are(dana: Person, maria: Customer) -> None:
    mine = a_contact(customer=maria, taken_by=dana, channel="shop")
    waiting, unmatched = a_contact(customer=maria, channel="shop"), a_contact(taken_by=dana, channel="shop")
    letter, over = (a_contact(customer=maria, taken_by=dana, channel=each) for each in ("letter", "shop"))
    actions.end_contact(contact_id=over.pk, by=dana.as_actor(), at=NOW)
    refused: Sequence[tuple[Contact, Person]] = (
        (mine, a_person()), (waiting, dana), (unmatched, dana), (letter, dana), (over, dana),
    )  # fmt: skip
    for contact, person in refused:
        with pytest.raises(CannotDoError):
            actions.identify_by_photo(contact_id=contact.pk, by=person.as_actor(), at=NOW)
        assert level(contact) == CallerLevel.UNVERIFIED


def test_what_is_known_is_not_lost_by_a_lesser_way_nor_carried_to_another_customer(
    dana: Person, maria: Customer
) -> None:
    with_password(maria, dana)
    contact, by = a_contact(customer=maria, taken_by=dana, reached_from=NUMBER), dana.as_actor()
    with pytest.raises(WrongSecretError):
        actions.identify_by_password(contact_id=contact.pk, password="grey goose", by=by, at=NOW)
    actions.identify_by_password(contact_id=contact.pk, password=PASSWORD, by=by, at=NOW)
    assert actions.identify_by_questions(contact_id=contact.pk, by=by, at=NOW).is_verified
    actions.match_contact(contact_id=contact.pk, customer_id=a_customer().pk, by=by, at=NOW)
    standing = queries.standing(contact.pk)
    assert (standing.level, standing.tries) == (CallerLevel.UNVERIFIED, 1)


@pytest.mark.parametrize(
    "password", ["short", "password1", "maria-alvarez", "heron 0142", "my maria@example.net", "Alvarez heron", "      "]
)
def test_what_others_can_know_of_them_is_no_password(password: str, dana: Person, maria: Customer) -> None:
    visit, by = a_contact(customer=maria, taken_by=dana, channel="shop"), dana.as_actor()
    actions.identify_by_photo(contact_id=visit.pk, by=by, at=NOW)
    with pytest.raises(CannotDoError):
        actions.set_caller_password(contact_id=visit.pk, password=password, by=by, at=NOW)
    assert not CallerPassword.objects.exists()


def test_a_new_password_is_told_to_the_customer_and_stands_nowhere(dana: Person, maria: Customer) -> None:
    with_password(maria, dana)
    kept = CallerPassword.objects.get()
    assert kept.hashed.startswith("argon2")
    (notice,) = told(maria.pk, "message_written")
    (moment,) = told(maria.pk, "caller_password_set")
    assert "password of your account was changed" in notice.headline.rest
    assert moment.headline.lead == "Password set"
    for each in record_queries.story_page(maria.pk):
        assert "heron" not in f"{each.words} {each.data}".casefold()


def test_who_has_no_mail_of_record_is_told_by_a_person_and_never_at_the_new_address(dana: Person) -> None:
    customer = a_customer(phone=NUMBER, at=LONG_AGO)
    record.add_contact_point(customer_id=customer.pk, kind="mail", value=MAIL, by=SYSTEM, at=NOW - 3 * DAY)
    with_password(customer, dana)
    assert told(customer.pk, "message_written") == []
    promise = Promise.objects.get()
    assert (promise.kind, promise.owner_person_id) == ("call", dana.pk)
    assert "the password" in promise.what


def test_merged_customers_have_one_password_and_erased_ones_none(dana: Person, maria: Customer) -> None:
    with_password(maria, dana)
    winner, by = a_customer(), dana.as_actor()
    record.merge_customers(loser_id=maria.pk, winner_id=winner.pk, by=SYSTEM, at=NOW)
    contact = a_contact(customer=winner, taken_by=dana)
    assert actions.identify_by_password(contact_id=contact.pk, password=PASSWORD, by=by, at=NOW).is_verified
    actions.send_code(contact_id=contact.pk, by=by, at=NOW)
    given = record.export_customer(customer_id=winner.pk, by=by, at=NOW, reason="They asked")
    care = next(kept for kept in given.values() if isinstance(kept, dict) and "caller_passwords" in kept)
    assert care["caller_passwords"] == [{"set_at": (NOW - 2 * DAY).isoformat(), "set_by_name": "Dana Reyes"}]
    assert [each["level"] for each in care["callers"] if each["contact_id"] == contact.pk] == ["verified"]
    record.erase_customer(customer_id=winner.pk, by=by, at=NOW)
    assert not CallerPassword.objects.exists()
    assert not CallerCode.objects.exists()


def test_a_refusal_says_what_to_do(dana: Person) -> None:
    contact = a_contact(customer=a_customer(), taken_by=dana)
    at: datetime = NOW
    with pytest.raises(DomainError, match="No password is set"):
        actions.identify_by_password(contact_id=contact.pk, password="anything", by=dana.as_actor(), at=at)
    with pytest.raises(DomainError, match="Call back their number of record"):
        actions.send_code(contact_id=contact.pk, by=dana.as_actor(), at=at)
