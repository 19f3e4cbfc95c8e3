"""Files, drafts, canned answers; what is exported, forgotten and kept for a while only."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from tellonce.modules.care import actions, queries
from tellonce.modules.care.contracts import FileRefusedError
from tellonce.modules.care.models import Attachment, CannedAnswer, Contact, Draft, Promise
from tellonce.modules.record import actions as record
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import NOW, a_case, a_contact, a_customer, a_matter, a_person, a_promise

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
PDF = b"%PDF-1.7\n" + b"x" * 64


def attach(folder: Path, name: str = "bill.pdf", content: bytes = PDF, **more: int) -> Attachment:
    return actions.attach(folder=folder, name=name, content=content, by=SYSTEM, at=NOW, **more)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bill.pdf", b""),
        ("bill.pdf", PNG),
        ("bill.exe", b"MZ" + b"\x00" * 64),
        ("photo.png", b"<script>alert(1)</script>"),
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<svg/>"),
        ("notes.txt", PDF),
        ("bill", PDF),
        (".pdf", PDF),
    ],
)
def test_files_that_are_not_what_they_say_are_refused_and_leave_nothing(
    tmp_path: Path, name: str, content: bytes
) -> None:
    with pytest.raises(FileRefusedError):
        attach(tmp_path, name, content, customer_id=a_customer().pk)
    assert not list(tmp_path.rglob("*"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/bill.pdf", "bill.pdf"),
        ("C:\\bills\\bill.pdf", "bill.pdf"),
        ("bill\u202efdp.pdf", "billfdp.pdf"),
        ("card 4111 1111 1111 1111.pdf", "card •••• •••• •••• 1111.pdf"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_names_are_made_safe(tmp_path: Path, name: str, kept: str) -> None:
    assert attach(tmp_path, name, customer_id=a_customer().pk).name == kept


@pytest.mark.django_db
def test_a_file_lies_outside_the_database_and_orphans_are_swept_after_a_day(tmp_path: Path) -> None:
    customer = a_customer()
    row = attach(tmp_path, "photo.png", PNG, case_id=a_case(customer=customer).pk)
    assert (row.customer_id, row.content_type, (tmp_path / row.stored_as).read_bytes()) == (
        customer.pk,
        "image/png",
        PNG,
    )
    orphan = tmp_path / "ab" / "orphan"
    orphan.parent.mkdir()
    orphan.write_bytes(b"left by a kill between file and row")
    mtime = orphan.stat().st_mtime
    written = datetime.fromtimestamp(mtime, tz=UTC)
    assert actions.sweep_attachments(folder=tmp_path, at=written + timedelta(hours=23)) == 0
    assert actions.sweep_attachments(folder=tmp_path, at=written + timedelta(hours=25)) == 1
    assert (tmp_path / row.stored_as).exists()


@pytest.mark.django_db
def test_a_file_of_another_name_may_hold_the_same_bytes(tmp_path: Path) -> None:
    customer = a_customer()
    first, second = (attach(tmp_path, name, customer_id=customer.pk) for name in ("a.pdf", "b.pdf"))
    assert first.sha256 == second.sha256
    assert first.stored_as != second.stored_as


@pytest.mark.django_db
def test_drafts_are_kept_per_place_and_dropped_when_empty() -> None:
    person = a_person()
    for words in ("We will", "We will call"):
        actions.save_draft(person_id=person.pk, place="contact:1:note", words=words, at=NOW)
    assert queries.drafts(person.pk) == {"contact:1:note": "We will call"}
    actions.save_draft(person_id=person.pk, place="contact:1:note", words=" ", at=NOW)
    assert queries.drafts(person.pk) == {}


@pytest.mark.django_db
def test_canned_answers_of_the_matter_and_above_come_before_those_for_any() -> None:
    CannedAnswer.objects.all().delete()
    for title, code, language in (
        ("Any", None, "en"),
        ("Internet", "internet", "en"),
        ("Slow", "internet.slow", "en"),
        ("TV", "tv", "en"),
        ("Lento", "internet.slow", "es"),
    ):
        matter_id = a_matter(code) if code else None
        CannedAnswer.objects.create(title=title, body="Hello {customer}, {x}", matter_id=matter_id, language=language)
    lines = queries.canned_answers(a_matter("internet.slow"))
    assert [line.title for line in lines] == ["Slow", "Internet", "Any"]
    assert queries.filled(lines[0].body, {"customer": "Maria {me}"}) == "Hello Maria {me}, {x}"
    assert queries.filled("50% off {", {"customer": "Maria"}) == "50% off {"


@pytest.mark.django_db
def test_all_is_exported_and_what_is_forgotten_is_gone_but_counted(
    tmp_path: Path, django_capture_on_commit_callbacks: object
) -> None:
    customer, person = a_customer(), a_person()
    contact = a_contact(
        customer=customer, taken_by=person, said="I am Maria", said_name="Maria", reached_from="+15035550142"
    )
    case = a_case(customer=customer, title="Maria's modem", contact_id=contact.pk)
    promise = a_promise(customer=customer, due_at=NOW + timedelta(hours=1), what="call Maria")
    row = attach(tmp_path / "attachments", case_id=case.pk)
    for about in ({"contact_id": contact.pk}, {"case_id": case.pk}, {"customer_id": customer.pk}):
        actions.save_draft(person_id=person.pk, place=f"note:{about}:words", words="Maria wrote", at=NOW, **about)
    exported = json.dumps(actions.personal_data([customer.pk]))
    for words in ("I am Maria", "Maria's modem", "call Maria", "bill.pdf", "+15035550142", "Maria wrote"):
        assert words in exported
    with override_settings(SETUP=_Home(tmp_path)), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator] # a fixture without types
        actions.forget([customer.pk], at=NOW)
        actions.forget([customer.pk], at=NOW)
    assert "Maria" not in json.dumps(actions.personal_data([customer.pk]))
    assert not (tmp_path / "attachments" / row.stored_as).exists()
    assert not Draft.objects.exists()
    assert (Contact.objects.count(), Promise.objects.get(pk=promise.pk).what) == (1, "")
    assert queries.cost([customer.pk], NOW, NOW + timedelta(hours=1)).contacts == 1


class _Home:
    def __init__(self, home: Path) -> None:
        self.attachments = home / "attachments"


@pytest.mark.django_db
def test_words_and_files_older_than_their_time_are_deleted(tmp_path: Path) -> None:
    old = a_contact(said="long ago", at=NOW - timedelta(days=800))
    new = a_contact(said="today")
    attach(tmp_path, customer_id=a_customer().pk)
    assert actions.expire(kind="bodies", before=NOW - timedelta(days=700)) == 1
    assert (Contact.objects.get(pk=old.pk).said, Contact.objects.get(pk=new.pk).said) == ("", "today")
    with override_settings(SETUP=_Home(tmp_path)):
        assert actions.expire(kind="attachments", before=NOW + timedelta(days=1)) == 1
    assert actions.expire(kind="recordings", before=NOW) == 0


@pytest.mark.django_db
def test_what_a_split_gave_to_another_customer_is_forgotten_with_that_one() -> None:
    both = a_customer()
    hers, his = (a_contact(customer=both, said=words) for words in ("I am Maria", "I am Luis"))
    new = record.split_customer(
        customer_id=both.pk, moments=[], others=[("contact", his.pk)], name="Luis", by=SYSTEM, at=NOW
    )
    actions.forget([both.pk], at=NOW)
    assert (Contact.objects.get(pk=hers.pk).said, Contact.objects.get(pk=his.pk).said) == ("", "I am Luis")
    actions.forget([new.pk], at=NOW)
    assert Contact.objects.get(pk=his.pk).said == ""
