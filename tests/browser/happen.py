"""What happens outside the browser: `python -m tests.browser.happen fill|call|stranger|at-the-phones` prints JSON.

With the word `stay` it does what each line of its input says, a list of such words, until that ends.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.utils import timezone  # noqa: E402

from tellonce.cli.work.migrate import migrate  # noqa: E402
from tellonce.modules.staff.models import AccessEntry, Person  # noqa: E402
from tests.browser import bills, choices, lives, phones, weeks  # noqa: E402


def fill() -> dict[str, Any]:
    """The small provider; a session for each of its people, so that not every journey signs in again."""
    migrate()
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
        **bills.make_bills(timezone.now(), made),
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


def begin(customer: str, said: str = "") -> int:
    """A contact of the customer with this id; returns its id."""
    return lives.somebody_calls(timezone.now(), int(customer), said=said)


def seen(customer: str) -> list[list[Any]]:
    """The access log of the customer with this id, newest first."""
    rows = AccessEntry.objects.filter(customer_id=int(customer)).order_by("-at")
    return [list(row) for row in rows.values_list("person_name", "page", "contact_id", "reason")]


_WORDS: dict[str, Callable[..., Any]] = {
    "fill": fill,
    "bill": lambda account: bills.bill_again(timezone.now(), int(account)),
    "call": begin,
    "ring": phones.somebody_rings,
    "hang-up": phones.hangs_up,
    "line": phones.a_line,
    "seen": seen,
    "at-the-phones": phones.happens,
    "stranger": lambda: lives.a_stranger_writes(timezone.now()),
}


def do(what: str, *words: str) -> Any:
    """What the first word says."""
    if what not in _WORDS:
        raise SystemExit(f"nothing called {what} happens")
    return _WORDS[what](*words)


def main() -> None:
    """What the words say, or one line of the input after the other."""
    asked = map(json.loads, sys.stdin) if sys.argv[1:] == ["stay"] else [sys.argv[1:]]
    for words in asked:
        print(json.dumps(do(*words)), flush=True)  # noqa: T201 - read by the test


if __name__ == "__main__":
    main()
