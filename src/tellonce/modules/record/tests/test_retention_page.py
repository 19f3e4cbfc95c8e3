"""The page of how long things are kept: set by an administrator, and who did it is kept."""

import pytest
from django.test import Client

from tellonce.modules.record import queries
from tellonce.modules.staff.contracts import Role
from tellonce.modules.staff.models import StaffChange
from tests.factories import a_person

pytestmark = pytest.mark.django_db


def test_an_administrator_sets_periods_and_the_audit_says_from_what_to_what() -> None:
    client, admin = Client(), a_person(role=Role.ADMINISTRATOR, name="Ines Vidal")
    client.force_login(admin)
    kept = queries.retention_days()
    values = kept | {"bodies": kept["bodies"] + 5}
    assert client.post("/admin/retention", values).status_code == 422  # not ticked that it is meant
    assert client.post("/admin/retention", values | {"meant": "on", "bodies": 0}).status_code == 422
    assert not StaffChange.objects.filter(about="retentionperiod").exists()
    assert client.post("/admin/retention", values | {"meant": "on"}).status_code == 303
    assert queries.retention_days() == values
    change = StaffChange.objects.get(about="retentionperiod")
    assert (change.before, change.after, change.by_name) == (
        {"days": kept["bodies"]},
        {"days": kept["bodies"] + 5},
        "Ines Vidal",
    )
    assert "Words of messages and contacts: Changed" in client.get("/admin/retention").content.decode()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ANALYST])
def test_nobody_else_opens_it(role: Role) -> None:
    client = Client()
    client.force_login(a_person(role=role))
    assert client.get("/admin/retention").status_code == 403
