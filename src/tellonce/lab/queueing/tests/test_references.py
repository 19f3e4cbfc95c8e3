"""The closed forms beside values of 30 digits, and beside what was published."""

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from tellonce.lab.queueing import erlang_b, erlang_b_redialled, people_needed, queue_measures
from tellonce.lab.queueing.tests.references import ARGUMENTS, MEASURES, Comparison, comparisons
from tests.shared import DATA, shared_file

REFERENCES = comparisons()


def test_the_references_reach_from_a_hundredth_of_an_erlang_to_a_hundred_thousand() -> None:
    loads = REFERENCES.arguments["calls_per_hour"] * REFERENCES.arguments["aht_s"] / 3600
    assert loads.min() == pytest.approx(0.01)
    assert loads.max() == pytest.approx(100_000)
    assert set(REFERENCES.arguments) == set(ARGUMENTS)


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_is_right_to_twelve_digits_or_to_what_its_condition_allows(measure: str) -> None:
    worst = max(REFERENCES.of(measure), key=Comparison.share_of_limit)
    assert worst.error <= worst.limit, worst


def published() -> list[dict[str, str]]:
    path: Path = shared_file(DATA / "queueing", "erlang_reference_values.csv")
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


COLUMNS = {
    "P_wait": "p_wait",
    "service_level": "service_level",
    "ASA_s": "asa_s",
    "occupancy": "occupancy",
    "P_abandon": "abandonment",
    "mean_queue": "mean_queue",
}


@pytest.mark.data
def test_the_published_examples() -> None:
    checked = 0
    for row in published():
        measures = queue_measures(
            calls_per_hour=float(row["calls_per_hour"]),
            aht_s=float(row["aht_s"]),
            people=int(row["agents"]),
            patience_s=float(row["patience_s"] or "inf"),
            answer_within_s=float(row["T_s"] or 20),
        )
        for column, name in COLUMNS.items():
            if row[column]:
                assert float(getattr(measures, name)) == pytest.approx(float(row[column]), rel=1e-12), row
                checked += 1
        if row["erlangB"]:
            lost = erlang_b(load=float(row["A"]), people=int(row["agents"]))
            assert float(lost) == pytest.approx(float(row["erlangB"]), rel=1e-12)
    assert checked > 140


def test_erlang_a_as_garnett_mandelbaum_and_reiman_quote_it() -> None:
    with_patience = queue_measures(calls_per_hour=2880, aht_s=60, people=50, patience_s=120)
    without = queue_measures(calls_per_hour=2880, aht_s=60, people=50)
    assert round(float(with_patience.abandonment), 3) == 0.031
    assert round(float(with_patience.asa_s), 1) == 3.7
    assert round(float(without.asa_s), 1) == 20.8


def test_people_for_a_target_as_published() -> None:
    helper = people_needed(calls_per_hour=200, aht_s=180, service_level=0.8, shrinkage=0.3)
    assert (int(helper.people), int(helper.scheduled)) == (14, 20)
    wolfram = people_needed(calls_per_hour=30, aht_s=300, service_level=0.9, answer_within_s=0)
    assert int(wolfram.people) == 6


def test_a_hundred_erlangs_with_patience_take_97_people_not_100() -> None:
    found = people_needed(calls_per_hour=1500, aht_s=240, patience_s=120, service_level=0.8)
    assert int(found.people) == 97
    levels = queue_measures(calls_per_hour=1500, aht_s=240, patience_s=120, people=[96, 97]).service_level
    assert levels[0] < 0.8 <= levels[1]


def test_lines_for_a_load_as_in_the_tables_of_erlang_b() -> None:
    """Loads at which so many lines lose 1%, as printed in teletraffic tables to three or four figures."""
    lines, loads = np.array([1, 5, 10, 20, 50, 100]), np.array([0.0101, 1.36, 4.46, 12.03, 37.90, 84.06])
    assert erlang_b(load=loads, people=lines) == pytest.approx(np.full(6, 0.01), rel=6e-3)


def test_redials_solve_their_equation_exactly() -> None:
    for load, people, redial in ((0.01, 1, 0.5), (9.9, 10, 1.0), (120.0, 100, 0.7), (99_000.0, 100_000, 1.0)):
        lost, total = erlang_b_redialled(load=load, people=people, redial=redial)
        again = Decimal(float(total)) * (1 - Decimal(redial) * Decimal(float(lost)))
        assert float(again) == pytest.approx(load, rel=1e-9)
        assert float(total) > load
