"""Coming in, staying out, and leaving."""

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tellonce.modules.staff import actions
from tellonce.modules.staff.contracts import SYSTEM, LockedOutError, Role, session_mark
from tellonce.modules.staff.models import Person
from tests.factories import NOW, PASSWORD, a_person, a_site, a_team

pytestmark = pytest.mark.django_db
WRONG = "not-the-password"


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


def sign_in(client: Client, person: Person, password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    return client.post("/sign-in", {"login": person.email, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get("/me").status_code == 200


def code_for(person: Person, *, steps_on: int = 0) -> str:
    secret = Authenticator.objects.get(user_id=person.pk, type="totp").wrap().instance.data["secret"]
    counter = next(iter(yield_hotp_counters_from_time())) + steps_on
    return str(format_hotp_value(hotp_value(secret, counter)))


def test_the_first_step_asks_for_the_address_and_tells_nothing_of_who_has_one(client: Client) -> None:
    person = a_person(password=PASSWORD)

    known = client.post("/sign-in", {"login": person.email}).content.decode()
    unknown = client.post("/sign-in", {"login": "nobody@example.net"}).content.decode()

    assert 'name="password"' not in client.get("/sign-in").content.decode()
    for page in (known, unknown):
        assert 'name="password"' in page
        assert "sign up" not in page.lower()
    assert client.get("/sign-up").status_code == 404


def test_the_right_password_signs_in_and_goes_where_one_wanted(client: Client) -> None:
    person = a_person(password=PASSWORD)

    response = sign_in(client, person, next="/me?x=1")

    assert response["Location"] == "/me?x=1"
    assert is_in(client)
    assert sign_in(Client(), person, next="https://evil.example/")["Location"] == "/"


def test_a_wrong_password_says_so_and_nothing_else(client: Client) -> None:
    page = sign_in(client, a_person(password=PASSWORD), WRONG).content.decode()

    assert "The mail address or the password is wrong." in page
    assert PASSWORD not in page
    assert WRONG not in page


def test_signing_in_makes_a_new_session(client: Client) -> None:
    client.post("/sign-in", {"login": "x@example.net", "password": WRONG})
    client.session.save()
    planted = client.session.session_key or ""
    client.cookies["sessionid"] = planted

    sign_in(client, a_person(password=PASSWORD))

    assert client.session.session_key != planted


def test_a_page_reads_the_session_and_who_it_is_in_one_query(client: Client) -> None:
    team = a_team(site_id=a_site(time_zone="America/Lima").pk)
    sign_in(client, a_person(password=PASSWORD, team=team, name="Ines Vega"))

    with CaptureQueriesContext(connection) as asked:
        page = client.get("/kit")

    assert "Ines Vega" in page.content.decode()
    assert len([each for each in asked if "staff_person" in each["sql"]]) == 1


def test_a_session_shows_only_whom_it_names_and_only_while_they_may_sign_in(client: Client) -> None:
    person, other = a_person(password=PASSWORD, name="Ines Vega"), a_person(name="Otto Braun")
    sign_in(client, person)

    UserSession.objects.update(user=other)
    assert "Ines Vega" in client.get("/me").content.decode()
    UserSession.objects.update(user=person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert not is_in(client)


def test_the_fifth_wrong_password_locks_the_account_and_says_until_when(client: Client) -> None:
    person = a_person(password=PASSWORD)
    for _try in range(4):
        sign_in(client, person, WRONG)

    fifth = sign_in(client, person, WRONG).content.decode()
    right = sign_in(Client(REMOTE_ADDR="192.0.2.9"), person).content.decode()

    for page in (fifth, right):
        assert "Too many wrong tries for this account. Try again in 15 minutes, at " in page
    assert sign_in(Client(), a_person(password=PASSWORD)).status_code == 302


def test_the_lock_ends_by_itself_and_a_right_password_clears_the_count() -> None:
    for second in range(4):
        actions.begin_try(account="ana", at=NOW + timedelta(seconds=second))
    actions.clear_tries(account="ANA")
    for _try in range(5):
        actions.begin_try(account="ana", at=NOW)

    with pytest.raises(LockedOutError):
        actions.begin_try(account="ana", at=NOW + timedelta(minutes=14))
    assert actions.begin_try(account="ana", at=NOW + timedelta(minutes=15)) == 4


@pytest.mark.django_db(transaction=True)
def test_tries_at_once_in_many_processes_are_counted_one_by_one() -> None:
    def one_try(_number: int) -> bool:
        try:
            actions.begin_try(account="ana", at=NOW)
        except LockedOutError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        allowed = sum(pool.map(one_try, range(40)))

    assert allowed == actions.lock_out.MOST_TRIES
    cache.clear()


def test_a_wide_net_by_address_stops_guessing_over_many_accounts(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": "3/m/ip"}
    for number in range(3):
        client.post("/sign-in", {"login": f"nobody{number}@example.net", "password": WRONG})

    page = sign_in(client, a_person(password=PASSWORD)).content.decode()

    assert "Too many wrong tries from here." in page


def test_who_was_shut_out_learns_it_only_with_the_right_password(client: Client) -> None:
    person = a_person(password=PASSWORD)
    actions.set_active(person_id=person.pk, is_active=False, by=SYSTEM, at=NOW)

    assert sign_in(client, person)["Location"] == "/sign-in/inactive"
    assert "password is wrong" in sign_in(client, person, WRONG).content.decode()
    assert not is_in(client)


def test_a_second_factor_is_asked_for_and_only_its_code_lets_in(client: Client) -> None:
    person = a_person(password=PASSWORD)
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")

    assert sign_in(client, person)["Location"].startswith("/sign-in/second")
    assert not is_in(client)
    assert "did not match" in client.post("/sign-in/second", {"code": "000000"}).content.decode()
    assert client.post("/sign-in/second", {"code": code_for(person)}).status_code == 302
    assert is_in(client)


def test_a_code_works_once(client: Client) -> None:
    person = a_person(password=PASSWORD)
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    code = code_for(person)
    sign_in(client, person)
    client.post("/sign-in/second", {"code": code})

    other = Client()
    sign_in(other, person)

    assert "did not match" in other.post("/sign-in/second", {"code": code}).content.decode()
    assert not is_in(other)


def test_guessing_codes_locks_too(client: Client) -> None:
    person = a_person(password=PASSWORD)
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    sign_in(client, person)

    pages = [client.post("/sign-in/second", {"code": f"00000{n}"}).content.decode() for n in range(5)]

    assert "Too many wrong tries" in pages[-1]
    assert "Too many wrong tries" in client.post("/sign-in/second", {"code": code_for(person)}).content.decode()


def test_a_recovery_code_signs_in_once(client: Client) -> None:
    person = a_person(password=PASSWORD)
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    code = RecoveryCodes.activate(person).get_unused_codes()[0]

    for browser, comes_in in ((client, True), (Client(), False)):
        sign_in(browser, person)
        browser.post("/sign-in/second", {"code": code})
        assert is_in(browser) is comes_in


def test_the_app_is_added_after_the_password_again(client: Client) -> None:
    person = a_person(password=PASSWORD)
    sign_in(client, person)

    assert client.get("/me/app")["Location"].startswith("/sign-in/again")
    client.post("/sign-in/again", {"password": PASSWORD, "next": "/me/app"})
    page = client.get("/me/app")
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

    assert client.post("/me/app", {"code": code})["Location"] == "/me/recovery"
    assert len(client.get("/me/recovery").context["unused_codes"]) == 10
    assert "Authenticator app" in client.get("/me").content.decode()


def test_passkey_pages_offer_options_and_refuse_what_no_key_signed(client: Client) -> None:
    options = client.get("/sign-in/passkey", headers={"accept": "application/json"}).json()["request_options"]
    refused = client.post("/sign-in/passkey", {"credential": json.dumps({"id": "x"})}, follow=True)

    assert options["publicKey"]["userVerification"] == "required"
    assert "did not match" in refused.content.decode()
    assert not is_in(client)


def test_signing_out_ends_the_session_and_tells_the_live_streams(client: Client) -> None:
    sign_in(client, a_person(password=PASSWORD))
    key = client.session.session_key or ""
    told: list[tuple[str, list[str]]] = []

    def listen(execute, sql, params, many, context):  # type: ignore[no-untyped-def]  # Django's wrapper has no type
        if "pg_notify" in sql:
            told.append((params[0], [json.loads(params[1])["signed_out"]]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        response = client.post("/sign-out")

    assert response["Location"] == "/sign-in"
    assert told == [("tellonce_live", [session_mark(key)])]
    assert not is_in(client)
    client.cookies["sessionid"] = key
    assert not is_in(client)


@pytest.mark.django_db(transaction=True)
def test_the_notice_of_a_sign_out_arrives_on_another_connection(client: Client) -> None:
    person = a_person(password=PASSWORD)
    sign_in(client, person)
    key = client.session.session_key or ""
    params = connection.get_connection_params() | {"autocommit": True}
    params = {name: value for name, value in params.items() if name in {"dbname", "user", "password", "host", "port"}}
    with psycopg.connect(**params, autocommit=True) as listener:
        listener.execute("LISTEN tellonce_live")

        client.post("/sign-out")

        heard = [json.loads(each.payload) for each in listener.notifies(timeout=60, stop_after=1)]
    assert {"signed_out": session_mark(key)} in heard


def test_signing_out_elsewhere_keeps_this_session(client: Client) -> None:
    person, other = a_person(password=PASSWORD), Client()
    sign_in(client, person)
    sign_in(other, person)

    client.post("/me/sessions")

    assert is_in(client)
    assert not is_in(other)


def test_a_changed_password_ends_the_other_sessions_only(client: Client) -> None:
    person, other = a_person(password=PASSWORD), Client()
    sign_in(client, person)
    sign_in(other, person)

    client.post("/me/password", {"oldpassword": PASSWORD, "password1": "another-good-password"})

    assert is_in(client)
    assert not is_in(other)
    assert sign_in(Client(), person, "another-good-password").status_code == 302


def test_a_forgotten_password_is_chosen_anew_by_mail(client: Client, settings: Any) -> None:
    person = a_person(password=PASSWORD)
    assert client.get("/sign-in/forgotten").status_code == 404
    settings.SETUP = dataclasses.replace(settings.SETUP, smtp_url="smtp://localhost")

    client.post("/sign-in/forgotten", {"email": person.email})
    client.post("/sign-in/forgotten", {"email": "nobody@example.net"})

    assert [each.to for each in mail.outbox] == [[person.email]]
    link = next(word for word in mail.outbox[0].body.split() if "/sign-in/link/" in word)
    form = client.get(urlsplit(link).path)["Location"]
    assert client.post(form, {"password1": "short"}).context["form"].errors
    assert client.post(form, {"password1": "another-good-password"})["Location"] == "/sign-in/link/done"
    assert sign_in(Client(), person, "another-good-password").status_code == 302
    assert "used already" in Client().get(urlsplit(link).path).content.decode()


def test_the_demo_signs_in_by_one_click_and_nothing_else_does(client: Client, settings: Any) -> None:
    person = a_person(role=Role.TECHNICIAN, name="Tess Field")
    assert client.post("/sign-in/as", {"person": person.pk}).status_code == 404
    assert "Tess Field" not in client.get("/sign-in").content.decode()
    assert not is_in(client)
    settings.SETUP = dataclasses.replace(settings.SETUP, demo=True)

    assert "Tess Field" in client.get("/sign-in").content.decode()
    assert client.get("/sign-in/as").status_code == 405
    assert client.post("/sign-in/as", {"person": person.pk})["Location"] == "/"
    assert is_in(client)


class FakeAnswer:
    def __init__(self, body: dict[str, object]) -> None:
        self.body, self.status_code, self.headers = body, 200, {"content-type": "application/json"}
        self.text = json.dumps(body)

    def json(self) -> dict[str, object]:
        return self.body

    def raise_for_status(self) -> None:
        return


class FakeHouse:
    """An OpenID provider in this process: discovery, token and user information."""

    issuer = "https://id.example.net"

    def __init__(self, **claims: object) -> None:
        self.claims = {"sub": "u-1", **claims}

    def __enter__(self) -> "FakeHouse":
        return self

    def __exit__(self, *_error: object) -> None:
        return

    def get(self, url: str, **_more: object) -> FakeAnswer:
        if url.endswith("openid-configuration"):
            names = {"token_endpoint": "token", "userinfo_endpoint": "who", "authorization_endpoint": "go"}
            return FakeAnswer({"issuer": self.issuer, **{name: f"{self.issuer}/{at}" for name, at in names.items()}})
        return FakeAnswer(self.claims)

    def request(self, method: str, url: str, **_more: object) -> FakeAnswer:
        return FakeAnswer({"access_token": "t", "token_type": "Bearer", "expires_in": 60})

    post = request


def through(client: Client, monkeypatch: pytest.MonkeyPatch, house: FakeHouse):  # type: ignore[no-untyped-def]
    monkeypatch.setattr("tellonce.modules.staff.web.adapters.OpenIdAdapter.get_requests_session", lambda _self: house)
    away = client.get("/sign-in/with/company")["Location"]
    assert away.startswith(f"{house.issuer}/go?")
    asked = parse_qs(urlsplit(away).query)
    assert asked["code_challenge_method"] == ["S256"]
    return client.get("/sign-in/with/company/back", {"code": "c", "state": asked["state"][0]})


@pytest.fixture
def _company(settings: Any) -> None:
    app: dict[str, Any] = {"provider_id": "company", "name": "Company", "client_id": "x", "secret": "y"}
    app |= {"settings": {"server_url": FakeHouse.issuer, "oauth_pkce_enabled": True}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}


@pytest.mark.usefixtures("_company")
def test_openid_connect_lets_in_who_is_on_staff(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    a_person(email="ana@example.net", name="Ana")
    assert "/sign-in/with/company" in client.get("/sign-in").content.decode()

    response = through(client, monkeypatch, FakeHouse(email="Ana@example.net", email_verified=True))

    assert response["Location"] == "/"
    assert "Ana" in client.get("/me").content.decode()


@pytest.mark.usefixtures("_company")
@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"email": "new@example.net", "email_verified": True}, "Ask an administrator to add you"),
        ({"email": "ana@example.net", "email_verified": False}, "did not confirm"),
        ({}, "did not confirm"),
    ],
)
def test_openid_connect_adds_nobody_and_trusts_no_unverified_address(
    client: Client, monkeypatch: pytest.MonkeyPatch, claims: dict[str, object], why: str
) -> None:
    a_person(email="ana@example.net")

    response = through(client, monkeypatch, FakeHouse(**claims))

    assert response.status_code == 403
    assert why in response.content.decode()
    assert Person.objects.count() == 1
    assert not is_in(client)


@pytest.mark.usefixtures("_company")
def test_openid_connect_keeps_out_who_was_shut_out(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    person = a_person(email="ana@example.net")
    actions.set_active(person_id=person.pk, is_active=False, by=SYSTEM, at=NOW)

    response = through(client, monkeypatch, FakeHouse(email="ana@example.net", email_verified=True))

    assert response["Location"] == "/sign-in/inactive"
    assert not is_in(client)


def test_one_chooses_language_and_theme(client: Client) -> None:
    person = a_person(password=PASSWORD)
    sign_in(client, person)

    client.post("/me", {"language": "es", "theme": "dark"})

    page = client.get("/me")
    assert page["Content-Language"] == "es"
    assert 'data-theme="dark"' in page.content.decode()
