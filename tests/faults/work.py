"""Work that is killed half way, in a process of its own: `python -m tests.faults.work prepare|import|promises|merge`.

With a last word `pause` it says "half way" in the middle of its transaction and waits for a line before it goes on.
"""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from tellonce.intake.actions.bringing import bring_in_file  # noqa: E402
from tellonce.modules.care import actions as care  # noqa: E402
from tellonce.modules.care.actions import promise_clock  # noqa: E402
from tellonce.modules.record import actions as record  # noqa: E402
from tellonce.modules.record.actions import merging  # noqa: E402
from tellonce.modules.record.contracts import Channel  # noqa: E402
from tellonce.modules.record.models import Customer  # noqa: E402
from tellonce.modules.staff import actions as staff  # noqa: E402
from tellonce.modules.staff.contracts import SYSTEM, Role  # noqa: E402

ROWS, PROMISES = 5_000, 12
MADE_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DUE_AT = MADE_AT + timedelta(hours=4)
_MAPPING = """
name = "faults"
title = "A file"
of = "customers"
source = "faults"
[customer]
external_id = "id"
name = "name"
"""


def prepare() -> dict[str, Any]:
    """Two customers who are one, a contact of the first in Ada's hand, and promises; her session."""
    care.lay_first_matters()
    ada = staff.add_person(email="ada@example.net", name="Ada Min", role=Role.ADMINISTRATOR, at=MADE_AT)
    winner, loser = (record.add_customer(name=name, by=SYSTEM, at=MADE_AT) for name in ("Maria Alvarez", "M. Alvares"))
    contact = care.begin_contact(channel=Channel.CALL, at=MADE_AT, by=SYSTEM, customer_id=winner.pk)
    care.take_contact(contact_id=contact.pk, by=ada.as_actor(), at=MADE_AT)
    for _ in range(PROMISES):
        care.make_promise(
            customer_id=winner.pk, kind="call", what="Call back", due_at=DUE_AT, by=ada.as_actor(), at=MADE_AT
        )
    session = SessionStore()
    session["_auth_user_id"] = str(ada.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = ada.get_session_auth_hash()
    session.create()
    return {"winner": winner.pk, "loser": loser.pk, "contact": contact.pk, "session": session.session_key}


def bring_in(pause: Callable[[], None]) -> None:
    """A file of customers."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "faults.csv"
        file.write_text("id,name\n" + "".join(f"{n},Name {n}\n" for n in range(ROWS)))
        bring_in_file(
            path=file, mapping_text=_MAPPING, as_of=None, by=SYSTEM, at=MADE_AT, progress=lambda _rows, _share: pause()
        )


def let_promises_come_due(pause: Callable[[], None]) -> None:
    """All of them, at once; half way is the fifth."""
    _pausing(promise_clock, "break_promise", at_call=5, pause=pause)
    care.break_overdue_promises(at=DUE_AT + timedelta(hours=1))


def merge(pause: Callable[[], None]) -> None:
    """The second customer into the first; half way is after the pointer, before the story."""
    _pausing(merging, "index_customer", at_call=1, pause=pause)
    winner, loser = (Customer.objects.get(name=name).pk for name in ("Maria Alvarez", "M. Alvares"))
    record.merge_customers(loser_id=loser, winner_id=winner, by=SYSTEM, at=DUE_AT)


WORK = {"import": bring_in, "promises": let_promises_come_due, "merge": merge}


def _pausing(where: Any, name: str, *, at_call: int, pause: Callable[[], None]) -> None:
    original, calls = getattr(where, name), 0

    def paused(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at_call:
            pause()
        return original(*args, **kwargs)

    setattr(where, name, paused)


def _once(act: Callable[[], None]) -> Callable[[], None]:
    left = [act]
    return lambda: left.pop()() if left else None


def _say_and_wait() -> None:
    print("half way", flush=True)  # noqa: T201 - read by the test
    sys.stdin.readline()


def main() -> None:
    """Does what the first word says."""
    what, *more = sys.argv[1:]
    if what == "prepare":
        print(json.dumps(prepare()))  # noqa: T201 - read by the test
    else:
        WORK[what](_once(_say_and_wait) if more else lambda: None)


if __name__ == "__main__":
    main()
