"""Recordings: a moment of the story, listened to by who may see the customer, gone when their time is over."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from tellonce.modules.care import actions as care
from tellonce.modules.phone import actions, queries
from tellonce.modules.phone.contracts import RecordingNotFoundError
from tellonce.modules.phone.models import JournalEvent, Recording
from tellonce.modules.record.models import Customer, Moment
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.modules.staff.models import AccessEntry
from tests.factories import NOW, a_customer, a_person

pytestmark = pytest.mark.django_db

SOUND = b"RIFF a sound"


@pytest.fixture
def mia() -> Customer:
    return a_customer(name="Mia", phone="+12025550123")


def a_recording(customer: Customer, folder: Path, *, name: str = "c1") -> Recording:
    """A call that was taken, recorded for three minutes."""
    by = a_person()
    contact = care.begin_contact(
        channel="call", at=NOW, by=SYSTEM, customer_id=customer.pk, source="switchboard", external_id=name
    )
    care.take_contact(contact_id=contact.pk, by=by.as_actor(), at=NOW)
    file = folder / f"{name}.wav"
    file.write_bytes(SOUND)
    return actions.keep_recording(source="switchboard", call=name, file=str(file), began_at=NOW, seconds=179.6)


def test_a_recording_is_told_once_in_the_story(mia: Customer, tmp_path: Path) -> None:
    first = a_recording(mia, tmp_path)
    again = actions.keep_recording(source="switchboard", call="c1", file=first.file, began_at=NOW, seconds=179.6)
    assert again.pk == first.pk
    told = Moment.objects.filter(customer_id=mia.pk, kind="phone.call_recorded")
    assert [(each.about, each.about_id, each.data["seconds"]) for each in told] == [("recording", first.pk, 180)]
    client = Client()
    client.force_login(a_person())
    page = client.get(f"/customers/{mia.pk}?contact={first.contact_id}").content.decode()
    assert f'href="/recordings/{first.pk}"' in page


def test_the_call_of_nobody_we_know_is_kept_without_a_story(tmp_path: Path) -> None:
    file = tmp_path / "c9.wav"
    file.write_bytes(SOUND)
    kept = actions.keep_recording(source="switchboard", call="c9", file=str(file), began_at=NOW, seconds=3.0)
    assert (kept.customer_id, kept.contact_id) == (0, None)


def test_who_may_see_the_customer_may_listen_and_the_look_is_logged(mia: Customer, tmp_path: Path) -> None:
    kept = a_recording(mia, tmp_path)
    client = Client()
    client.force_login(a_person())
    assert client.get(f"/recordings/{kept.pk}").status_code != 200  # without contact it asks why
    answer = client.get(f"/recordings/{kept.pk}?contact={kept.contact_id}")
    assert answer.getvalue() == SOUND
    assert AccessEntry.objects.get(customer_id=mia.pk).page == "recording"


def test_its_time_is_over_and_the_sound_goes(
    mia: Customer, tmp_path: Path, django_capture_on_commit_callbacks: object
) -> None:
    kept = a_recording(mia, tmp_path)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert actions.expire(kind="recordings", before=NOW) == 0
        assert actions.expire(kind="bodies", before=NOW + timedelta(days=1)) == 0
        assert actions.expire(kind="recordings", before=NOW + timedelta(days=1)) == 1
    assert not Path(kept.file).exists()
    with pytest.raises(RecordingNotFoundError):
        queries.recording(kept.pk)


def test_who_is_forgotten_loses_sound_and_numbers(
    mia: Customer, tmp_path: Path, django_capture_on_commit_callbacks: object
) -> None:
    kept = a_recording(mia, tmp_path)
    data = {"at": 1.0, "contact": "c1", "number": "+12025550123", "customer": mia.pk}
    JournalEvent.objects.create(at=1.0, kind="Arrived", contact="c1", data=data)
    assert actions.personal_data((mia.pk,))["recordings"][0]["seconds"] == 180
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        actions.forget((mia.pk,), at=NOW)
    assert not Path(kept.file).exists()
    assert JournalEvent.objects.get().data["number"] == ""
    assert JournalEvent.objects.get().data["customer"] == 0
