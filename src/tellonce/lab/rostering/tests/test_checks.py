"""What describes no roster is refused with the field and what to do."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tellonce.lab.rostering import Break, Requirement, RosterInputError, Team, solve_tours
from tellonce.lab.rostering.tests import weeks

SHORT = Requirement(("bills",), np.ones((1, 7, 96), dtype=np.int64))


def team(*, length_min: int = 480, breaks: tuple[Break, ...] = weeks.DAY.breaks, **contract: int) -> Team:
    kind = replace(weeks.DAY, length_min=length_min, breaks=breaks)
    changed: dict[str, Any] = {"shift_types": (kind,), **contract}
    return Team("bills", replace(weeks.FULL, **changed), ("bills",), 2)


@pytest.mark.parametrize(
    ("field", "requirement", "asked", "says"),
    [
        ("requirement", Requirement(("bills",), np.full((1, 7, 96), -1)), team(), "not -1"),
        ("skills", Requirement(("bills", "sales"), np.ones((2, 7, 96), dtype=np.int64)), team(), "sales"),
        ("length_min", SHORT, team(length_min=1500), "at most a day"),
        ("breaks", SHORT, team(breaks=(Break(30, 420, 480),)), "outside its 480 min"),
        ("breaks", SHORT, team(breaks=(Break(30, 120, 200), Break(30, 210, 270))), "multiple of 15"),
        ("breaks", SHORT, team(breaks=(Break(30, 120, 240), Break(30, 210, 270))), "do not overlap"),
        ("contract", SHORT, team(least_paid_min=2400, most_paid_min=2500), "nearest with 37.5"),
        ("contract", SHORT, team(days_off_together=3), "days off together"),
        ("start_spread_min", SHORT, team(start_spread_min=600), "at most 300"),
        ("contract", replace(SHORT, open_at=np.zeros((7, 96), dtype=bool)), team(), "open"),
    ],
)
def test_bad_input_names_its_field(field: str, requirement: Requirement, asked: Team, says: str) -> None:
    with pytest.raises(RosterInputError, match=says) as refused:
        solve_tours(requirement=requirement, teams=(asked,))
    assert refused.value.field == field
