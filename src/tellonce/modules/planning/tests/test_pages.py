"""The planner's page: whole and in parts, by person; a change shows its waits; a conflict is told."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tellonce.modules.phone import actions as phone
from tellonce.modules.phone.contracts import NewCall, QueueTerms
from tellonce.modules.phone.models import Queue
from tellonce.modules.planning import actions
from tellonce.modules.planning.models import ExtraPeople, Plan, Shift
from tellonce.modules.planning.tests.making import NOW, a_forecast, a_queue, a_shift, key
from tellonce.modules.staff.contracts import SYSTEM, PermissionSet, Role
from tests.factories import a_person

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "plan"}


@pytest.fixture
def queue() -> Queue:
    made = a_queue()
    a_forecast(made)
    return made


@pytest.fixture
def planner(client: Client) -> Client:
    client.force_login(a_person(role=Role.SUPERVISOR, permission_sets=(PermissionSet.PLANNER,)))
    return client


def address(queue: Queue) -> str:
    return f"/plan?queue={queue.pk}&day=2026-03-02"


def test_the_page_stands_without_queues_and_without_calls(planner: Client) -> None:
    assert "No queue yet" in planner.get("/plan").content.decode()
    empty = a_queue()
    assert "No calls of this queue yet" in planner.get(address(empty)).content.decode()


def test_a_queue_with_too_few_calls_says_so_instead_of_offering_a_forecast(planner: Client) -> None:
    few = phone.add_queue(code="new", terms=QueueTerms("New", "new", time_zone="UTC"), by=SYSTEM, at=NOW)
    for day in range(9):
        at = NOW - timedelta(days=day)
        phone.load_calls([NewCall(few.pk, at, "answered", queued_at=at, wait_s=1, handle_s=60)], by=SYSTEM, at=NOW)
    page = planner.get(address(few)).content.decode()
    assert "8 days of calls are known; a forecast takes at least 28." in page
    assert "Forecast it now" not in page


def test_managers_and_planners_may_open_it_and_others_not(client: Client, queue: Queue) -> None:
    for role, sets, status in (
        (Role.MANAGER, (), 200),
        (Role.REPRESENTATIVE, (PermissionSet.PLANNER,), 200),
        (Role.SUPERVISOR, (), 403),
        (Role.REPRESENTATIVE, (), 403),
    ):
        client.force_login(a_person(role=role, permission_sets=sets))
        assert client.get(address(queue)).status_code == status


def test_a_step_of_people_shows_other_waits_and_is_kept(planner: Client, queue: Queue) -> None:
    for number in range(5):
        actions.add_shift(key=key(queue, number), shift=a_shift(label=f"Seat {number}"), by=SYSTEM, at=NOW)
    before = planner.get(address(queue)).content.decode()
    assert "Weakest: Monday" not in before or "answered in time" in before
    post = f"/plan/{queue.pk}/2026-03-02/people"
    answer = planner.post(post, {"version": "5", "day": "0", "step": "40,44,1"}, headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.lstrip().startswith('<div class="plan" id="plan">')
    assert re.search(r"10:00</th>.*?<span>6</span>", text, re.DOTALL)
    assert 'name="version" value="6"' in text
    assert ExtraPeople.objects.get().people == 1


def test_a_plan_that_somebody_else_changed_says_so_and_stays(planner: Client, queue: Queue) -> None:
    actions.add_shift(key=key(queue), shift=a_shift(), by=a_person(name="Piet").as_actor(), at=NOW)
    post = f"/plan/{queue.pk}/2026-03-02/people"
    answer = planner.post(post, {"version": "0", "day": "0", "step": "40,44,1"}, headers=HTMX)
    assert answer.status_code == 409
    assert "Piet changed this plan" in answer.content.decode()
    assert not ExtraPeople.objects.exists()


def test_forms_work_without_scripts_and_say_what_is_wrong_where_it_was_typed(planner: Client, queue: Queue) -> None:
    post = f"/plan/{queue.pk}/2026-03-02/shift"
    typed = {"version": "0", "day": "1", "shift-label": "Guest", "shift-since": "09:00", "shift-until": "09:00"}
    wrong = planner.post(post, typed)
    assert wrong.status_code == 422
    assert re.search(r'name="shift-until"[^>]*aria-invalid="true"', wrong.content.decode())
    right = planner.post(post, {**typed, "shift-until": "17:00"})
    assert right.status_code == 303
    assert Shift.objects.get().label == "Guest"
    assert "Guest" in planner.get(right["Location"]).content.decode()


def test_pictures_carry_no_style_and_name_what_they_show(planner: Client, queue: Queue) -> None:
    text = planner.get(address(queue)).content.decode()
    drawings = re.findall(r'<svg[^>]*class="chart.*?</svg>', text, re.DOTALL)
    assert len(drawings) == 3
    assert all(" style=" not in each and "<title" in each and "var(--accent)" in each for each in drawings)
    ids = re.findall(r' id="([^"]+)"', "".join(drawings))
    assert len(ids) == len(set(ids))


def test_a_roster_goes_out_and_a_wrong_file_names_its_line(planner: Client, queue: Queue) -> None:

    actions.add_shift(key=key(queue), shift=a_shift(), by=SYSTEM, at=NOW)
    rows = planner.get(f"/plan/{queue.pk}/2026-03-02/rows").content.decode()
    assert ",Seat,2026-03-02,09:00,17:00,13:00/30," in rows
    assert "BEGIN:VEVENT" in planner.get(f"/plan/{queue.pk}/2026-03-02/calendar").content.decode()
    file = SimpleUploadedFile("roster.csv", rows.replace("17:00", "soon").encode())
    answer = planner.post(f"/plan/{queue.pk}/2026-03-02/bring", {"version": "1", "file-file": file})
    assert answer.status_code == 422
    assert "Line 2, end" in answer.content.decode()
    assert Plan.objects.get().version == 1
