"""The soak of the switchboard fails for what it is to find, whoever reads along."""

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from benchmarks.switchboard_soak import FREE_S, MOST_GROWTH_MB, STUCK_S, faults_in, stuck_contacts
from tellonce.modules.phone.models import LiveContact, LivePerson
from tellonce.modules.staff.models import Person
from tests.architecture.trees import ROOT
from tests.factories import a_person


def test_memory_that_grows_is_a_fault() -> None:
    assert faults_in(MOST_GROWTH_MB, 0, 0) == ""
    assert "memory" in faults_in(MOST_GROWTH_MB + 0.1, 0, 0)
    assert "accounts" in faults_in(0.0, 1, 0)
    assert "stuck" in faults_in(0.0, 0, 1)


def contact(name: str, stage: str, **more: Any) -> None:
    since = timezone.now() - timedelta(seconds=STUCK_S + 60.0)
    LiveContact.objects.create(
        pk=name, channel="call", stage=stage, queue_code="care", entered_at=since, **{"since": since} | more
    )


def is_free(person: Person, *, for_s: float) -> None:
    since = timezone.now() - timedelta(seconds=for_s)
    LivePerson.objects.create(person=person, state="available", wished="available", since=since)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stage", "is_callback", "free_s", "stuck"),
    [
        ("waiting", True, None, 0),
        ("waiting", True, 1.0, 0),
        ("waiting", True, FREE_S + 5.0, 1),
        ("dialling", True, None, 1),
        ("waiting", False, None, 1),
        ("scheduled", True, FREE_S + 5.0, 0),
    ],
)
def test_a_callback_is_stuck_when_somebody_is_free_for_it(
    stage: str, is_callback: bool, free_s: float | None, stuck: int
) -> None:
    ana, bo = a_person(name="Ana"), a_person(name="Bo")
    is_free(bo, for_s=FREE_S * 10)  # not for this queue
    if free_s is not None:
        is_free(ana, for_s=free_s)
    contact("a", stage, is_callback=is_callback)
    contact("b", stage, is_callback=is_callback, since=timezone.now())
    assert stuck_contacts({"care": [ana.pk], "tech": [bo.pk]}) == stuck


@pytest.mark.parametrize(("stuck", "code"), [(0, 0), (3, 1)])
def test_a_reader_that_stops_reading_changes_nothing(stuck: int, code: int) -> None:
    said = f"tell('a'); say_all([50.0], 9, 0, {stuck}, 0); tell('b')"
    program = f"from benchmarks.switchboard_soak import say_all, tell; {said}"
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, stdout=writer, stderr=writer, check=False)
    os.close(writer)
    assert done.returncode == code
