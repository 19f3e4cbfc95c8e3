"""How good the likely reasons are, beside the base rate; not for those who serve."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from tellonce.desk.models import ReasonModel
from tellonce.lab.reasons.study import Bin, Figures, Report
from tellonce.modules.staff.contracts import Role
from tests.factories import a_person

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
REPORT = Report(
    learned_on=1800,
    measured_on=600,
    shape="linear",
    model=Figures(0.412, 0.71, 1.9),
    base_rate=Figures(0.113, 0.32, 3.1),
    last_matter=Figures(0.2, 0.4, 2.8),
    rules=Figures(0.3, 0.5, 2.5),
    calibration_error=0.021,
    reliability=(Bin(0, 0.0, 0.0), Bin(400, 0.25, 0.2), Bin(100, 0.75, 0.8)),
)


def opened(role: Role) -> tuple[int, str]:
    client = Client()
    client.force_login(a_person(role=role))
    answer = client.get("/admin/reasons")
    return answer.status_code, answer.content.decode()


def test_an_analyst_sees_model_and_base_rate_and_a_picture_of_what_came_true() -> None:
    assert "Nothing learned yet" in opened(Role.ANALYST)[1]
    ReasonModel.objects.create(learned_at=AT, learned_until=AT, contacts=1800, model={}, report=REPORT.to_json())
    status, page = opened(Role.ANALYST)
    assert status == 200
    for words in ("41.2 %", "11.3 %", "2.1 points", 'cx="50.0" cy="160.0" r="9.0"', 'cx="150.0" cy="40.0"'):
        assert words in page
    assert opened(Role.REPRESENTATIVE)[0] == 403
