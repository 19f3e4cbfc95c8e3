"""The soak of the demo fails for what it is to find."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.growth import slope_of
from benchmarks.soak import LIVED_S, MOST_GROWTH_MB, SLACK_S, WARM_MINUTES, Seen, faults_in, stuck_in
from benchmarks.watched_demo import Demo, Phone, name_of, phone_in
from tests.architecture.trees import ROOT

ACCOUNT = {"entered": 9, "waiting": 1, "answered": 5, "abandoned": 2, "callback": 1}


def a_phone(*, oldest_s: dict[str, float] | None = None, jobs_failed: int = 0, **account: int) -> Phone:
    return Phone({"care": ACCOUNT | account}, {}, oldest_s or {}, jobs_failed, 0.0)


def faults(seen: Seen, **more: object) -> list[str]:
    asked = {"troubles": [], "entered": 9, "missing": []} | more
    return faults_in(seen, asked["troubles"], entered=asked["entered"], missing=asked["missing"])  # type: ignore[arg-type]


def test_an_account_that_does_not_add_up_is_found_whenever_it_was() -> None:
    seen = Seen(10.0)
    for phone in (a_phone(), a_phone(entered=10), a_phone()):
        seen.look(phone)
    assert faults(seen) == ["the account of care did not add up at 1 looks"]


def test_stuck_is_what_lasts_longer_than_life_at_this_pace_and_ringing_at_any() -> None:
    lasts_s = LIVED_S["talking"] / 10.0 + SLACK_S
    assert stuck_in(a_phone(oldest_s={"talking": lasts_s - 1, "scheduled": 9_999.0}), pace=10.0) == []
    assert stuck_in(a_phone(oldest_s={"talking": lasts_s + 1}), pace=10.0) == ["talking"]
    assert stuck_in(a_phone(oldest_s={"talking": lasts_s + 1}), pace=1.0) == []
    assert stuck_in(a_phone(oldest_s={"offered": 100.0}), pace=1.0) == ["offered"]


@pytest.mark.parametrize(
    ("growth", "is_fault"), [(0.0, False), (MOST_GROWTH_MB / 2, False), (MOST_GROWTH_MB * 2, True)]
)
def test_memory_grows_when_it_does_for_certain_once_all_is_warm(growth: float, is_fault: bool) -> None:
    seen = Seen(10.0)
    for minute in range(1, 31):
        warming = 50.0 * max(0, WARM_MINUTES - minute)
        noise = 3.0 * (-1) ** minute
        seen.weigh(
            float(minute),
            {"web": 200.0 - warming + growth * minute + noise, **({"job": 9.0 * minute} if minute > 5 else {})},
        )
    assert (faults(seen) == ["web grows"]) is is_fault


def test_a_slope_has_its_interval_and_minds_no_leap() -> None:
    times = [float(minute) for minute in range(20)]
    straight = slope_of(times, [100.0 + 0.5 * each for each in times])
    assert straight.least == straight.median == straight.most == pytest.approx(0.5)
    leap = slope_of(times, [100.0 if each < 19 else 300.0 for each in times])
    assert leap.median == leap.least == 0.0


def test_what_failed_ended_or_never_was_is_a_fault() -> None:
    seen = Seen(10.0)
    seen.look(a_phone(jobs_failed=2))
    assert faults(seen) == []  # they failed before
    seen.look(a_phone(jobs_failed=3))
    assert faults(seen) == ["1 jobs failed"]
    assert faults(Seen(10.0), entered=0) == ["nobody entered a queue"]
    assert faults(Seen(10.0), missing=["worker"]) == ["worker is not what it was"]


def test_the_log_is_searched_for_errors_and_ends(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(
        "2026-11-29 17:20:40,082 INFO tellonce: serving\nworker ended (exit 1); starting it again in 0.5 s.\n"
        "2026-11-29 17:22:21,196 ERROR tellonce: phone.not_filed\nTraceback (most recent call last):\n"
    )
    demo = Demo(subprocess.Popen([sys.executable, "-c", ""]), tmp_path, log, 1)
    demo.command.wait()
    assert len(demo.troubles()) == 3


def test_figures_are_read_by_their_labels() -> None:
    phone = phone_in(
        [
            ("tellonce_queue_contacts", {"account": "entered", "queue": "care"}, 3.0),
            ("tellonce_contacts_oldest_seconds", {"stage": "talking"}, 4.5),
            ("tellonce_jobs", {"state": "failed"}, 2.0),
            ("tellonce_jobs", {"state": "todo"}, 7.0),
        ]
    )
    assert (phone.accounts, phone.oldest_s, phone.jobs_failed) == ({"care": {"entered": 3}}, {"talking": 4.5}, 2)


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (["python", "-m", "tellonce.cli", "audio", "--number", "0"], "audio 0"),
        (["python", "-m", "tellonce.cli", "callers", "--pace", "10.0"], "callers"),
        (["/home/postgres", "-D", "data"], "database"),
        (["python", "-c", "spawn_main"], "afterwards"),
    ],
)
def test_processes_are_known_by_what_they_run(command: list[str], name: str) -> None:
    assert name_of(command) == name


def test_help_is_help() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.soak", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "--minutes" in said.stdout
    assert not said.stderr
