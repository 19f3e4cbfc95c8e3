"""What happens outside the browser: `python -m tests.browser.happen fill|call|stranger|at-the-phones` prints JSON."""

import json
import sys
import time
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.utils import timezone  # noqa: E402

from tellonce.modules.staff.models import AccessEntry, Person  # noqa: E402
from tests.browser import choices, lives, phones, weeks  # noqa: E402


def fill() -> dict[str, Any]:
    """The small provider; a session for each of its people, so that not every journey signs in again."""
    made = lives.make_lives(timezone.now())
    ids: dict[str, Any] = {
        "maria": made.maria.pk,
        "okafor": made.okafor.pk,
        "novak": made.novak.pk,
        "case": made.marias_case,
        "matter": made.drops,
        "queue": weeks.make_weeks(timezone.now(), password=lives.PASSWORD),
        "decision": choices.make_choices(timezone.now()),
        "talk": lives.okafor_writes(timezone.now(), made),
        "nobodys": lives.a_nameless_call(timezone.now(), made),
        **lives.callers(timezone.now(), made),
        "team": made.frontline.pk,
        "department": made.billing.pk,
        "site": made.dana.site_id,
        "person": made.sam.pk,
        **lives.work_of_an_office(timezone.now(), made),
    }
    phones.answer_calls(made.sam)
    ids["missed"] = phones.somebody_hung_up()
    for person in Person.objects.all():
        session = SessionStore()
        session["_auth_user_id"] = str(person.pk)
        session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
        session["_auth_user_hash"] = person.get_session_auth_hash()
        lately = time.time() + 3600  # as long as the tests take, nobody is asked for the password again
        session["account_authentication_methods"] = [
            {"method": "password", "at": lately, "email": person.email, "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(person.pk)
        session.create()
        ids[f"session:{person.email.split('@')[0]}"] = session.session_key
    return ids


def begin(words: list[str]) -> int:
    """A contact of the customer with this id; returns its id."""
    return lives.somebody_calls(timezone.now(), int(words[0]), said=" ".join(words[1:]))


def seen(words: list[str]) -> list[list[Any]]:
    """The access log of the customer with this id, newest first."""
    rows = AccessEntry.objects.filter(customer_id=int(words[0])).order_by("-at")
    return [list(row) for row in rows.values_list("person_name", "page", "contact_id", "reason")]


def main() -> None:
    """Does what the first word says."""
    what, *words = sys.argv[1:]
    said: Any
    match what:
        case "fill":
            said = fill()
        case "call":
            said = begin(words)
        case "ring":
            said = phones.somebody_rings(words[0])
        case "hang-up":
            said = phones.hangs_up(words[0])
        case "seen":
            said = seen(words)
        case "at-the-phones":
            said = phones.happens(*words)
        case "stranger":
            said = lives.a_stranger_writes(timezone.now())
        case _:
            raise SystemExit(f"nothing called {what} happens")
    print(json.dumps(said))  # noqa: T201 - read by the test


if __name__ == "__main__":
    main()
