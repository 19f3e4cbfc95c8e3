"""One address is one page: whole, or the part that htmx asks for."""

import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.test.client import Client

from tellonce.webkit.page import done, page, wanted_part
from tellonce.webkit.styles import stylesheet


@pytest.mark.parametrize(
    ("headers", "part"),
    [
        ({}, ""),
        ({"HX-Request": "true", "HX-Target": "story"}, "story"),
        ({"HX-Request": "true", "HX-Target": "story", "HX-Boosted": "true"}, ""),
        ({"HX-Request": "true", "HX-Target": "story", "HX-History-Restore-Request": "true"}, ""),
    ],
)
def test_boosted_and_restored_requests_get_the_whole_page(headers: dict[str, str], part: str) -> None:
    assert wanted_part(RequestFactory().get("/", headers=headers)) == part


def test_a_page_says_what_it_varies_by() -> None:
    answer = page(RequestFactory().get("/"), "components/skeleton.html")
    assert {"HX-Request", "HX-Target"} <= {each.strip() for each in answer["Vary"].split(",")}


def after(address: str, **headers: str) -> HttpResponse:
    return done(RequestFactory().post("/x", headers=headers), address)


def test_after_a_write_the_same_page_is_swapped_and_another_is_opened() -> None:
    assert after("/today").status_code == 303
    here = {"HX-Request": "true", "HX-Current-URL": "http://localhost/today?a=1"}
    assert json.loads(after("/today?a=1", **here)["HX-Location"])["target"] == "#main"
    assert after("/cases/3", **here)["HX-Redirect"] == "/cases/3"


@override_settings(DEBUG=False)
def test_the_stylesheet_is_kept_for_a_year_under_its_own_name_only(client: Client) -> None:
    fresh = client.get(f"/styles/{stylesheet().digest}.css")
    assert "immutable" in fresh["Cache-Control"]
    assert client.get("/styles/old.css")["Cache-Control"] == "no-store"
