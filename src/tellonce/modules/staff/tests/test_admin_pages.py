"""The administrator's pages, as somebody uses them."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from tellonce.modules.staff import actions, queries
from tellonce.modules.staff.contracts import Role
from tellonce.modules.staff.models import Person, Site
from tests.factories import NOW, PASSWORD, a_partner, a_person, a_site, a_team, a_view

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client: Client) -> Person:
    """An administrator, signed in."""
    person = a_person(role=Role.ADMINISTRATOR, name="Bo Boss")
    client.force_login(person)
    return person


def fields(**more: object) -> dict[str, object]:
    return {"name": "Ana Ruiz", "email": "ana@example.net", "role": Role.REPRESENTATIVE, **more}


@pytest.mark.usefixtures("boss")
def test_a_person_is_added_with_everything(client: Client) -> None:
    team, partner = a_team(), a_partner()

    response = client.post(
        "/admin/people/add", fields(team=team.pk, partner=partner.pk, permission_sets=["coach", "planner"])
    )

    person = queries.person_by_mail("ana@example.net")
    assert person is not None
    assert response["Location"] == f"/admin/people/{person.pk}"
    assert (person.team, person.partner, person.permission_sets) == (team, partner, ["coach", "planner"])


@pytest.mark.usefixtures("boss")
def test_what_cannot_be_is_said_on_the_form_that_keeps_what_was_entered(client: Client) -> None:
    a_person(email="ana@example.net")

    response = client.post("/admin/people/add", fields())

    page = response.content.decode()
    assert response.status_code == 422
    assert "Somebody on staff has the mail address ana@example.net already." in page
    assert 'value="Ana Ruiz"' in page


@pytest.mark.usefixtures("boss")
def test_people_are_found_by_words_role_and_state(client: Client) -> None:
    a_person(name="Ana Ruiz")
    a_person(name="Tess Field", role=Role.TECHNICIAN)

    def names(query: str) -> set[str]:
        return {person.name for person, _kinds in client.get(f"/admin/people?{query}").context["rows"]}

    assert names("words=ruiz+ana") == {"Ana Ruiz"}
    assert names("role=technician") == {"Tess Field"}
    assert names("active=no") == set()
    assert "Nobody like that" in client.get("/admin/people?words=zzz").content.decode()
    part = client.get("/admin/people?words=ana", headers={"HX-Request": "true", "HX-Target": "people"})
    assert "<html" not in part.content.decode()
    assert "Ana Ruiz" in part.content.decode()


def test_the_list_takes_as_many_queries_for_many_as_for_few(
    client: Client, boss: Person, django_assert_num_queries: object
) -> None:
    for _number in range(4):
        TOTP.activate(a_person(team=a_team()), "JBSWY3DPEHPK3PXP")
    client.get("/admin/people")

    with django_assert_num_queries(5):  # type: ignore[operator]  # session, person, count, people, factors
        client.get("/admin/people")


def test_a_change_shows_in_what_was_changed(client: Client, boss: Person) -> None:
    person = a_person(name="Ana")

    client.post(f"/admin/people/{person.pk}", fields(name="Ana Ruiz", email=person.email, role=Role.SUPERVISOR))

    page = client.get(f"/admin/people/{person.pk}").content.decode()
    assert "Bo Boss" in page
    assert '<s class="faint">Representative</s> → Supervisor' in page


@pytest.mark.usefixtures("boss")
def test_deeds_shut_out_reset_and_let_in(client: Client) -> None:
    person = a_person(password=PASSWORD)
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")

    client.post(f"/admin/people/{person.pk}/reset-factors")
    client.post(f"/admin/people/{person.pk}/shut-out")

    assert queries.second_factors([person.pk]) == {}
    assert not queries.person(person.pk).is_active
    client.post(f"/admin/people/{person.pk}/let-in")
    assert queries.person(person.pk).is_active
    assert client.post(f"/admin/people/{person.pk}/crown").status_code == 404
    assert client.get(f"/admin/people/{person.pk}/shut-out").status_code == 405
    assert client.get("/admin/people/999999").status_code == 404


def test_the_only_administrator_cannot_shut_themselves_out(client: Client, boss: Person) -> None:
    response = client.post(f"/admin/people/{boss.pk}/shut-out")

    assert response.status_code == 409
    assert "only administrator" in response.content.decode()


@pytest.mark.usefixtures("boss")
def test_a_new_person_comes_in_by_the_link_that_is_shown_once(client: Client) -> None:
    person = a_person()

    link = client.post(f"/admin/people/{person.pk}/link").context["link"]

    newcomer = Client()
    form = newcomer.get(link)["Location"]
    newcomer.post(form, {"password1": PASSWORD})
    assert newcomer.post("/sign-in", {"login": person.email, "password": PASSWORD})["Location"] == "/"
    assert link not in client.get(f"/admin/people/{person.pk}").content.decode()


@pytest.mark.usefixtures("boss")
def test_places_are_added_changed_and_named_once(client: Client) -> None:
    for path, said in (
        ("partners/add", {"name": "Northline"}),
        ("sites/add", {"name": "Eastmoor", "time_zone": "America/Chicago"}),
        ("departments/add", {"name": "Billing"}),
        ("teams/add", {"name": "Night"}),
    ):
        assert client.post(f"/admin/places/{path}", said)["Location"] == "/admin/places"
        assert client.post(f"/admin/places/{path}", said).status_code == 422

    site = Site.objects.get()
    team = queries.teams().get()
    client.post(f"/admin/places/teams/{team.pk}", {"name": "Late", "site": site.pk})
    changed = queries.team(team.pk)
    assert (changed.name, changed.site) == ("Late", site)
    bad = client.post(f"/admin/places/sites/{site.pk}", {"name": "Eastmoor", "time_zone": "Mars"})
    assert "is not a time zone" in bad.content.decode()
    page = client.get("/admin/places").content.decode()
    assert all(name in page for name in ("Northline", "Eastmoor", "Billing", "Late"))


@pytest.mark.usefixtures("boss")
def test_hours_are_written_as_people_write_them(client: Client) -> None:
    site = a_site()

    client.post(f"/admin/places/sites/{site.pk}/hours", {"day_0": "9-12:30, 13:00-24:00", "day_6": ""})
    wrong = client.post(f"/admin/places/sites/{site.pk}/hours", {"day_0": "nine to five"})
    overlap = client.post(f"/admin/places/sites/{site.pk}/hours", {"day_0": "9-12, 11-14"})

    assert [(f"{e.opens:%H:%M}", f"{e.closes:%H:%M}") for e in queries.site(site.pk).open_hours.all()] == [
        ("09:00", "12:30"),
        ("13:00", "23:59"),
    ]
    assert "are no hours" in wrong.content.decode()
    assert "overlap" in overlap.content.decode()


@pytest.mark.usefixtures("boss")
def test_holidays_are_added_and_taken_away(client: Client) -> None:
    site = a_site()
    said = {"day": "2099-12-24", "name": "Christmas Eve", "hours": "9-14"}

    client.post(f"/admin/places/sites/{site.pk}/holidays", said)
    twice = client.post(f"/admin/places/sites/{site.pk}/holidays", said)

    holiday = queries.site(site.pk).holidays.get()
    assert (holiday.name, holiday.closes) == ("Christmas Eve", holiday.closes)
    assert "already" in twice.content.decode()
    client.post(f"/admin/places/sites/{site.pk}/holidays", {"remove": holiday.pk})
    assert not queries.site(site.pk).holidays.exists()


def test_the_access_log_is_searched_and_saved(client: Client, boss: Person) -> None:
    ana = a_person(name="Ana Ruiz")
    a_view(person=ana, customer_id=7, page="desk", at=NOW, contact_id=3)
    a_view(person=ana, customer_id=8, page="customer", at=NOW, reason="=HYPERLINK()")
    actions.log_search(person=boss, at=NOW + timedelta(days=2), words="alvarez")

    def seen(query: str) -> list[int | None]:
        return [entry.customer_id for entry in client.get(f"/admin/access?{query}").context["entries"]]

    assert seen("") == [None, 8, 7]
    assert seen("person=ana") == [8, 7]
    assert seen("customer=7") == [7]
    assert seen("without_contact=on") == [8]
    assert seen("since=2026-03-03&until=2026-03-04") == [None]
    assert "after the beginning" in client.get("/admin/access?since=2026-03-04&until=2026-03-01").content.decode()
    file = b"".join(client.get("/admin/access.csv?person=ana")).decode()
    assert len(file.splitlines()) == 3
    assert ",'=HYPERLINK()," in file


def test_the_access_log_has_pages(client: Client, boss: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tellonce.modules.staff.web.admin_access.PAGE_LENGTH", 2)
    for minute in range(5):
        actions.log_search(person=boss, at=NOW + timedelta(minutes=minute), words=str(minute))

    def words(page: str) -> list[str]:
        return [entry.searched_for for entry in client.get(f"/admin/access?page={page}").context["entries"]]

    assert [words(each) for each in ("1", "2", "3", "x")] == [["4", "3"], ["2", "1"], ["0"], ["4", "3"]]
