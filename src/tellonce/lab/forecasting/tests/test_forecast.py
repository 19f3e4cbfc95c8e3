"""Forecasts of queues whose truth is known."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from tellonce.lab.forecasting import (
    CHOSEN,
    MODELS,
    Holiday,
    LevelAndShape,
    Outage,
    SameWeekdayMean,
    SeasonalNaive,
    SeriesError,
    backtest,
    forecast,
    monthly_days,
)
from tellonce.lab.forecasting.backtest import points_of
from tellonce.lab.forecasting.history import history_of
from tellonce.lab.forecasting.models import Model
from tellonce.lab.forecasting.series import Floats, Series
from tellonce.lab.forecasting.shapes import shapes_of
from tellonce.lab.forecasting.tests.queues import FIRST_DAY, made

OURS: tuple[Model, ...] = (LevelAndShape(), SeasonalNaive(), SameWeekdayMean())


def day_of(place: int) -> datetime:
    return datetime.combine(FIRST_DAY, datetime.min.time()) + timedelta(days=place)


def first_days(series: Series, ahead: int, model: Model = LevelAndShape()) -> Floats:  # noqa: B008 - frozen
    return points_of(model, history_of(series, ahead=ahead))


@pytest.mark.parametrize("model", MODELS, ids=[model.name for model in MODELS])
def test_every_model_finds_the_pattern_that_arrivals_were_drawn_from(model: Model) -> None:
    whole = made(91, day_error=0.0)
    points = first_days(whole.series.first(84), 7, model)
    off = np.abs(points - whole.rates[84:]).sum() / whole.rates[84:].sum()
    assert off < (0.16 if model.name == "seasonal_naive" else 0.07)
    assert points.sum() == pytest.approx(whole.rates[84:].sum(), rel=0.03)


def test_a_small_queue_borrows_its_shape_from_weekdays_like_it() -> None:
    whole = made(91, calls_a_day=15.0, day_error=0.0, seed=5)
    shares = shapes_of(history_of(whole.series, ahead=7)).shares[-7:]
    truth = whole.rates[:7] / whole.rates[:7].sum(axis=1, keepdims=True)
    assert (0.5 * np.abs(shares - truth).sum(axis=1) < 0.1).all()


def test_of_models_the_best_by_its_past_is_taken_and_its_past_is_told() -> None:
    found = forecast(made(84).series, 7, models=OURS)
    tested = found.backtest
    assert found.model == tested.best == min(OURS, key=lambda model: tested.score(model.name).wape).name
    assert tested.score(found.model).wape < 0.9 * tested.score("seasonal_naive").wape
    assert abs(tested.score(found.model).bias) < 0.03
    assert found.first_day == FIRST_DAY + timedelta(days=84)
    assert found.point.shape == found.lower.shape == (7, 24)
    with pytest.raises(SeriesError, match="must be one of level_and_shape"):
        tested.score("crystal_ball")


def test_nothing_is_known_before_it_came() -> None:
    """Arrivals, surprises and the lift of outages after an origin leave what was forecast there as it was."""
    series = made(70).series
    surprise = Outage(day_of(60), day_of(61), kind="network")
    other = np.vstack([series.counts[:56], series.counts[56:] * 3 + 50])
    altered = replace(series, counts=other, outages=(surprise,))
    before, after = (backtest(each, 7, models=(*OURS, MODELS[-1])) for each in (series, altered))
    early = before.origins <= 56
    assert 2 <= early.sum() < len(early)
    for name in ("expected", "lower", "upper"):
        np.testing.assert_array_equal(getattr(before, name)[:, early], getattr(after, name)[:, early])


@pytest.mark.parametrize("calls_a_day", [60.0, 3000.0])
def test_intervals_cover_what_they_say_with_few_calls_and_with_many(calls_a_day: float) -> None:
    whole = made(140, calls_a_day=calls_a_day, day_error=0.12, seed=7)
    found = forecast(whole.series.first(112), 28, models=OURS[:1])
    came, busy = whole.series.counts[112:], whole.rates[112:] > 1.0
    for low, high, share in ((0.1, 0.9, 0.8), (0.25, 0.75, 0.5), (0.025, 0.975, 0.95)):
        inside = (came >= found.quantile(low)) & (came <= found.quantile(high))
        assert inside[busy].mean() == pytest.approx(share, abs=0.08)
    assert found.backtest.score(CHOSEN).coverage == pytest.approx(0.8, abs=0.1)
    assert (np.diff([found.quantile(q) for q in (0.001, 0.01, 0.5, 0.99, 0.999)], axis=0) >= 0).all()
    with pytest.raises(SeriesError, match="q must be above 0"):
        found.quantile(1.0)


def test_a_day_off_is_like_its_weekday_until_one_was_seen() -> None:
    off = {22: 0.3, 45: 0.3, 74: 0.3, 85: 0.3}
    days = tuple(Holiday(FIRST_DAY + timedelta(days=place), like=5) for place in off)
    whole = made(91, factors=off, holidays=days)
    never_seen = first_days(replace(whole.series.first(84), holidays=days[-1:]), 7)
    assert never_seen[1].sum() == pytest.approx(never_seen[5].sum(), rel=0.25)  # Tuesday like Saturday
    for model in (LevelAndShape(), *MODELS[3:]):
        seen = first_days(whole.series.first(84), 7, model)
        assert seen[1].sum() == pytest.approx(whole.rates[85].sum(), rel=0.25)
        assert seen[2].sum() == pytest.approx(whole.rates[86].sum(), rel=0.1)


def test_bills_bring_calls_on_the_days_after_them() -> None:
    bills = monthly_days((5,), first_day=FIRST_DAY, last_day=FIRST_DAY + timedelta(days=200))
    after = {(bill - FIRST_DAY).days + late: lift for bill in bills for late, lift in ((1, 1.8), (2, 1.5), (3, 1.2))}
    irregular = {place + 3 * (place // 31 % 2): lift for place, lift in after.items()}
    bills = tuple(sorted({FIRST_DAY + timedelta(days=place - 1) for place, lift in irregular.items() if lift == 1.8}))
    whole = made(210, factors={place: lift for place, lift in irregular.items() if place < 210}, bill_days=bills)
    peak = max(place for place, lift in irregular.items() if lift == 1.8 and place < 200)
    points = first_days(whole.series.first(peak - 2), 7)
    assert points[2].sum() == pytest.approx(whole.rates[peak].sum(), rel=0.15)


def test_an_outage_is_not_learned_as_usual_but_its_lift_is() -> None:
    past = tuple(Outage(day_of(place) + timedelta(hours=9), day_of(place) + timedelta(hours=13)) for place in (63, 72))
    coming = Outage(day_of(85) + timedelta(hours=9), day_of(85) + timedelta(hours=13), planned=True)
    plain = made(91)
    counts = plain.series.counts.copy()
    for place in (63, 72):
        counts[place, 9:13] *= 3
    hit = replace(plain.series, counts=counts, outages=past).first(84)
    calm = first_days(plain.series.first(84), 7)
    np.testing.assert_allclose(first_days(hit, 7).sum(axis=1), calm.sum(axis=1), rtol=0.03)
    lifted = first_days(replace(hit, outages=(*past, coming)), 7) / first_days(hit, 7)
    assert lifted[1, 9:13] == pytest.approx(3.0, rel=0.15)
    assert (np.delete(lifted.ravel(), np.arange(33, 37)) == 1.0).all()


def test_closed_hours_and_months_without_records() -> None:
    whole = made(217, seed=3)
    opened = np.zeros((7, 24), dtype=bool)
    opened[:5, 8:20] = True
    counts = whole.series.counts.copy()
    counts[40:180] = np.nan
    series = replace(whole.series, counts=counts, open_hours=opened).first(210)
    for model in MODELS:
        points = first_days(series, 7, model)
        assert (points[:, ~opened[0]] == 0).all()
        assert (points[5:] == 0).all()
        assert points.sum() == pytest.approx((whole.rates[210:] * opened).sum(), rel=0.12)
    assert backtest(series, 7, models=OURS).score(CHOSEN).wape < 0.25
