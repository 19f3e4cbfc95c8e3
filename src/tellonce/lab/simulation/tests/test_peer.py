"""On a model that both know, waits and leaving have the same law as those of ciw."""

from dataclasses import replace

import ciw
import numpy as np
from scipy import stats

from tellonce.lab.simulation import Lognormal, Matter, Patience, simulate
from tellonce.lab.simulation.examples import one_queue
from tellonce.lab.simulation.measures import totals
from tellonce.lab.simulation.outcome import ABANDONED, ANSWERED, SHORT

CALLS_PER_HOUR, PEOPLE, PATIENCE_S, HOURS, RUNS = 108.0, 6, 300.0, 8, 40
SERVICE = Lognormal(200.0, 0.8)


def of_peer() -> tuple[list[float], list[float]]:
    spread = np.sqrt(np.log1p(SERVICE.variation**2))
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(CALLS_PER_HOUR / 3600)],
        service_distributions=[ciw.dists.Lognormal(np.log(SERVICE.mean_s) - spread**2 / 2, spread)],
        number_of_servers=[PEOPLE],
        reneging_time_distributions=[ciw.dists.Exponential(1 / PATIENCE_S)],
    )
    waits, left = [], []
    for run in range(RUNS):
        ciw.seed(7_000 + run)
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_time(HOURS * 3600.0)
        records = simulation.get_all_records()
        waits.append(float(np.mean([row.waiting_time for row in records if row.record_type == "service"])))
        left.append(float(np.mean([row.record_type == "renege" for row in records])))
    return waits, left


def test_waits_and_leaving_have_the_law_of_ciw() -> None:
    plain = one_queue(calls_per_hour=CALLS_PER_HOUR, aht_s=200.0, people=PEOPLE, patience_s=PATIENCE_S, hours=HOURS)
    scenario = replace(plain, matters=(Matter("matter", SERVICE),))
    assert scenario.streams[0].patience == Patience.exponential(PATIENCE_S)
    outcome = simulate(scenario, replications=RUNS, seed=5)
    answered = totals(outcome, ANSWERED)
    left = totals(outcome, ABANDONED) + totals(outcome, SHORT)
    waits, peer_left = of_peer()
    assert stats.ks_2samp(outcome.waited_s[..., 0].sum(axis=(1, 2)) / answered, waits).pvalue > 0.01
    assert stats.ks_2samp(left / (left + answered), peer_left).pvalue > 0.01
