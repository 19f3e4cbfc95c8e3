"""The checks find the faults that the generator plants: by kind, at known places, among some hundred accounts."""

from pathlib import Path

from benchmarks.planted_faults import PRECISION, RECALL, Score, share, truth_of, twins_of
from tellonce.datakit.engines import engine, keeping, parquet_tables
from tellonce.demo.bills.faults.kinds import TRUTHS
from tellonce.demo.bills.generate import Wanted, generate_bills
from tellonce.lab.billing import NAMES, all_findings, record_of, run_of


def test_planted_faults_are_found_and_little_else_is_said(tmp_path: Path) -> None:
    bills, kept = tmp_path / "bills", tmp_path / "truth"
    generate_bills(Wanted(1200, 14, 11, 1.0, 1.0), bills, kept)
    with engine("duckdb", memory="1GB", threads=1) as backend:
        run = run_of(record_of(parquet_tables(backend, bills, NAMES)), keep=keeping(backend))
        findings = all_findings(run).to_pyarrow().to_pylist()
    truth, score = truth_of(kept), Score()
    score.add(truth, findings, twins_of(bills, truth))
    assert set(score.planted) == set(TRUTHS)
    assert {kind: n - score.found[kind] for kind, n in score.planted.items() if not _reaches(score, kind)} == {}
    said = {kind: n for kind, n in score.said.items() if share(score.right[kind], n) < PRECISION}
    assert said == {}


def _reaches(score: Score, kind: str) -> bool:
    return share(score.found[kind], score.planted[kind]) >= RECALL
