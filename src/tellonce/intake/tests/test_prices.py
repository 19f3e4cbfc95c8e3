"""The price book and what became known of devices come in row by row, once."""

from datetime import date
from pathlib import Path

import pytest

from tellonce.intake import actions
from tellonce.intake.contracts import RunState
from tellonce.intake.tests.making import ADA, NOW, a_file, brought_in
from tellonce.modules.billing.models import BookPrice, DeviceEvent

pytestmark = pytest.mark.django_db

PRICES = """
name = "book"
title = "Our price book"
of = "prices"
source = "billing"
currency = "USD"

[price]
code = "code"
amount = "price"
valid_from = "from"
valid_to = { column = "to", optional = true }
unit = { column = "per", values = { M = "month", O = "once" } }
"""
EVENTS = """
name = "seen"
title = "Devices"
of = "devices"
source = "acs"

[device_event]
serial = "serial"
kind = { column = "what", values = { up = "activated", back = "returned" } }
on = "day"
"""


def test_a_price_that_is_known_takes_its_new_values(tmp_path: Path) -> None:
    header = "code,price,from,to,per"
    run = brought_in(a_file(tmp_path, "INT,80.00,2026-01-01,,M", "FEE,5,2026-01-01,,O", header=header), PRICES)
    assert (run.state, run.added) == (RunState.DONE, 2), run.report
    ended = a_file(tmp_path, "INT,80.00,2026-01-01,2026-02-28,M", "INT,85.00,2026-03-01,,M", header=header)
    again = brought_in(ended, PRICES)
    assert (again.added, again.changed) == (1, 1)
    found = BookPrice.objects.filter(code="INT").order_by("valid_from")
    assert [(each.amount_minor, each.valid_until, each.unit) for each in found] == [
        (8000, date(2026, 3, 1), "month"),
        (8500, None, "month"),
    ]
    actions.undo(run_id=again.pk, by=ADA, at=NOW)
    assert BookPrice.objects.count() == 2


def test_what_is_known_of_a_device_is_kept_once(tmp_path: Path) -> None:
    path = a_file(tmp_path, "SN1,up,2026-01-05", "SN1,back,2026-02-05", header="serial,what,day")
    assert brought_in(path, EVENTS).added == 2
    assert brought_in(path, EVENTS).unchanged == 2
    assert [(each.device_serial, each.kind, each.source) for each in DeviceEvent.objects.order_by("on")] == [
        ("SN1", "activated", "acs"),
        ("SN1", "returned", "acs"),
    ]
