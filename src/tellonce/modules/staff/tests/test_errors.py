"""Expected errors, and pages for the unexpected, in the form that the asker understands."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from tellonce.kernel.errors import ConflictError
from tellonce.modules.staff.web import policy_reports
from tellonce.modules.staff.web.errors import DomainErrorMiddleware
from tests.factories import PASSWORD, a_person


def answered(**headers: str) -> HttpResponse:
    request = RequestFactory().get("/cases/7", headers=headers)
    request.user = a_person()
    middleware = DomainErrorMiddleware(lambda _request: HttpResponse())
    response = middleware.process_exception(request, ConflictError("Sam closed this case first."))
    assert response is not None
    return response


@pytest.mark.django_db
def test_a_person_gets_a_page_htmx_a_fragment_and_a_program_json() -> None:
    page, fragment = answered(), answered(**{"HX-Request": "true"})
    program = answered(Accept="application/json")

    assert {each.status_code for each in (page, fragment, program)} == {409}
    assert "<html" in page.content.decode()
    assert "Sam closed this case first." in page.content.decode()
    assert "<html" not in fragment.content.decode()
    assert fragment["HX-Retarget"] == "#toasts"
    assert program.content == b'{"code": "conflict", "message": "Sam closed this case first."}'


def test_what_was_not_expected_is_left_alone() -> None:
    middleware = DomainErrorMiddleware(lambda _request: HttpResponse())

    assert middleware.process_exception(RequestFactory().get("/"), ZeroDivisionError()) is None


@pytest.mark.django_db
def test_an_unknown_address_is_a_kind_page(client: Client) -> None:
    response = client.get("/no/such/page")

    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


@pytest.mark.django_db
def test_a_broken_page_is_a_kind_page_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: Any, **_more: Any) -> None:
        raise ZeroDivisionError

    client.raise_request_exception = False
    monkeypatch.setattr("tellonce.modules.staff.web.signing_in.MailStepForm", breaks)

    response = client.get("/sign-in")

    assert response.status_code == 500
    assert "Something broke" in response.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_words() -> None:
    response = Client(enforce_csrf_checks=True).post("/sign-in", {"login": "ana@example.net"})

    assert response.status_code == 403
    assert "open for too long" in response.content.decode()


@pytest.mark.django_db
def test_every_page_carries_the_strict_headers(client: Client) -> None:
    person = a_person(password=PASSWORD)
    client.post("/sign-in", {"login": person.email, "password": PASSWORD})

    for response in (client.get("/me"), Client().get("/sign-in"), client.get("/no/such/page")):
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy
        assert "report-uri /csp-report" in policy
        assert response["X-Frame-Options"] == "DENY"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response["Referrer-Policy"] == "same-origin"
        assert "camera=()" in response["Permissions-Policy"]
        assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-in/inactive", "/sign-in/failed", "/me", "/me/password", "/sign-out"]
)
def test_no_page_has_inline_script_or_style(client: Client, settings: Any, path: str) -> None:
    settings.SETUP = replace(settings.SETUP, demo=True)
    person = a_person(password=PASSWORD)
    client.post("/sign-in", {"login": person.email, "password": PASSWORD})
    browser = Client() if path.startswith("/sign-in") else client

    page = browser.get(path).content.decode()

    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    for script in page.split("<script")[1:]:
        assert "src=" in script.partition(">")[0] or "application/json" in script.partition(">")[0]


def report(body: object) -> Any:
    return Client().post("/csp-report", json.dumps(body), content_type="application/csp-report")


@pytest.mark.django_db
def test_reports_of_browsers_are_counted_and_nonsense_is_not(caplog: pytest.LogCaptureFixture) -> None:
    def count() -> float:
        return float(policy_reports.REPORTS.labels("script-src-elem")._value.get())

    before = count()
    said = {"csp-report": {"effective-directive": "script-src-elem", "document-uri": "https://x/customers/7?name=Ana"}}

    assert report(said).status_code == 204
    assert Client().post("/csp-report", "{", content_type="text/plain").status_code == 400
    assert report({"csp-report": {"effective-directive": "x" * 20_000}}).status_code == 413

    assert count() == before + 1
    assert "Ana" not in str([record.__dict__ for record in caplog.records])


@pytest.mark.django_db
def test_a_flood_from_one_place_is_stopped_in_words(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "2/m/ip"}
    flooding = Client(REMOTE_ADDR="192.0.2.77")

    answers = [flooding.post("/sign-in", {"login": "x@example.net"}) for _try in range(3)]

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert "Wait a minute" in answers[-1].content.decode()


@pytest.mark.django_db
def test_the_address_of_a_form_that_is_opened_is_a_kind_page_and_says_how_it_is_asked() -> None:
    client = Client()
    client.force_login(a_person(role="manager"))
    response = client.get("/bills/disputes/1/decide")

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "Go back to where the form is" in response.content.decode()
