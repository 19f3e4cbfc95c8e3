"""How often the likely reason is right, beside what needs no model; and how long making the demo takes. Made-up data.

Run: python -m benchmarks.reasons [--json] [--trees]
The first run makes the made-up provider (20,000 customers, seed 1) in a database of its own and times it. `--trees`
lets boosted trees compete with the logistic model, which takes some minutes.
"""

import os
import sys
import time
from datetime import UTC, datetime
from typing import Any

import django
from django.core.management import call_command

from benchmarks import databases
from benchmarks.report import Figure, quantile, say

NAME = "tellonce_bench_reasons"
CUSTOMERS = 20_000
MADE_UP = ", made-up data"


def main() -> None:
    """Makes the provider where it is missing, learns, and says the figures."""
    with databases.server() as server:
        is_new = server.make(NAME)
        os.environ["DATABASE_URL"] = server.at(NAME)
        os.environ["DJANGO_SETTINGS_MODULE"] = "tellonce.config.settings"
        django.setup()
        call_command("migrate", verbosity=0)
        if is_new:
            make_provider()
        learn_and_report()


def make_provider() -> None:
    """The demo, timed: the limit is 90 seconds on two cores."""
    from tellonce.demo.generate import generate  # noqa: PLC0415 (after setup)

    began = time.perf_counter()
    generate(seed=1, now=datetime.now(UTC), progress=lambda _what, _share: None, customers=CUSTOMERS)
    say(Figure("making the demo, 20,000 customers", time.perf_counter() - began, "s", "limit", 90))


def learn_and_report() -> None:
    """Learns on the first 18 of 24 months, measures on the last 6."""
    from tellonce.desk import reasons  # noqa: PLC0415 (after setup)
    from tellonce.desk.histories import examples_since  # noqa: PLC0415 (after setup)
    from tellonce.lab.reasons import study  # noqa: PLC0415 (after setup)
    from tellonce.lab.reasons.study import LEARNED_SHARE  # noqa: PLC0415 (after setup)

    matters = reasons.matter_map()
    began = time.perf_counter()
    examples = examples_since(datetime.now(UTC) - reasons.LEARNS_FROM, matters=matters)
    say(Figure("reading all histories", time.perf_counter() - began, "s"))
    first, last = examples[0].asked.at, examples[-1].asked.at
    began = time.perf_counter()
    split_at = first + LEARNED_SHARE * (last - first)
    learned = study(examples, codes=matters.codes, split_at=split_at, with_trees="--trees" in sys.argv)
    say(Figure(f"learning ({learned.report.shape})", time.perf_counter() - began, "s"))
    report_quality(learned.report)
    time_one_guess(learned.model, examples[-2000:])


def report_quality(report: Any) -> None:
    """First guess, first three, log loss and calibration, each beside the base rate and the other ways."""
    say(Figure("contacts learned from" + MADE_UP, report.learned_on, "contacts"))
    say(Figure("contacts measured on" + MADE_UP, report.measured_on, "contacts"))
    others = (("base rate", report.base_rate), ("last contact's matter", report.last_matter), ("rules", report.rules))
    for peer, other in others:
        say(Figure("first guess right" + MADE_UP, report.model.first, "share", peer, other.first))
        say(Figure("among the first three" + MADE_UP, report.model.first_three, "share", peer, other.first_three))
        say(Figure("log loss" + MADE_UP, report.model.log_loss, "nats", peer, other.log_loss))
    say(Figure("calibration error of the first guess (ECE)" + MADE_UP, report.calibration_error, "share"))
    for each in report.reliability:
        name = f"right where {each.said:.0%} was said ({each.count} contacts){MADE_UP}"
        say(Figure(name, each.right, "share", "said", each.said))


def time_one_guess(model: Any, examples: list[Any]) -> None:
    """From a history that is at hand to three matters: features and model, one at a time."""
    import numpy as np  # noqa: PLC0415 (after setup)

    from tellonce.lab.reasons import features, most_likely  # noqa: PLC0415 (after setup)

    took = []
    for example in examples:
        began = time.perf_counter()
        row = np.array([features(example.history, example.asked, model.classes)])
        most_likely(model.probabilities(row)[0], model.classes)
        took.append((time.perf_counter() - began) * 1000)
    say(Figure("one guess, p50", quantile(took, 0.5), "ms", "limit", 2))
    say(Figure("one guess, p99", quantile(took, 0.99), "ms", "limit", 2))


if __name__ == "__main__":
    main()
