"""On a bank's real calls the forecast beats last week again, and its intervals hold what they say."""

import numpy as np
import pytest

from benchmarks import forecasting as bank
from tellonce.lab.forecasting import CHOSEN, MODELS
from tellonce.lab.forecasting.backtest import backtest_at
from tests.shared import DATA, shared_file


@pytest.mark.data
def test_half_hours_of_a_bank_a_day_and_a_week_ahead() -> None:
    shared_file(DATA, bank.COUNTS.relative_to(DATA).as_posix())
    tested = backtest_at(bank.half_hours(), 7, models=MODELS[:3], origins=np.arange(60, 270, 10))
    for lead in (1, 7):
        naive = tested.score("seasonal_naive", first_lead=lead, last_lead=lead)
        chosen = tested.score(CHOSEN, first_lead=lead, last_lead=lead)
        assert chosen.wape < bank.LIMIT * naive.wape
        assert bank.COVERS[0] <= tested.score(CHOSEN).coverage <= bank.COVERS[1]
