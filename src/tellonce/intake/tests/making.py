"""What the tests of intake need: a file, a mapping, and an import of them."""

from datetime import UTC, date, datetime
from pathlib import Path

from tellonce.intake.actions.bringing import bring_in_file
from tellonce.intake.models import ImportRun
from tellonce.modules.care import actions as care
from tellonce.modules.staff.contracts import Actor, ActorKind

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ADA = Actor(kind=ActorKind.PERSON, id=None, name="Ada Reyes")

CUSTOMERS = """
name = "small"
title = "A small file of customers"
of = "customers"
source = "small"

[customer]
external_id = "id"
name = "name"
since = "since"

[[account]]
number = "account"

[[premise]]
line = "street"
town = "town"
area_code = { column = "area", optional = true }

[[service]]
kind = { column = "service", values = { Net = "internet", Tele = "phone" } }
plan = "service"
price = "price"
"""

CONTACTS = """
name = "calls"
title = "A small file of contacts"
of = "contacts"
source = "small-calls"

[contact]
external_id = "call"
channel = { constant = "call" }
began_at = { column = "at", as = "time", zone = { constant = "America/Denver" } }
said = "said"
customer_external_id = "customer"
customer_source = "small"

[[rule]]
matter = "internet.slow"
any = ["slow", "speed"]
none = ["speed dial"]
"""

HEADER = "id,name,since,account,street,town,service,price"


def a_file(folder: Path, *rows: str, header: str = HEADER, name: str = "small.csv") -> Path:
    """A CSV file with these rows."""
    path = folder / name
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def brought_in(path: Path, mapping: str = CUSTOMERS, *, as_of: date | None = None, at: datetime = NOW) -> ImportRun:
    """The file, brought in."""
    care.lay_first_matters()
    return bring_in_file(path=path, mapping_text=mapping, as_of=as_of, by=ADA, at=at)
