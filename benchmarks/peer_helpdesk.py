"""How fast a customer's page opens beside django-helpdesk's ticket page: same server, same PostgreSQL, same run.

The peer is installed in an environment of its own under tmp/peer. Both pages show 50 entries of history.
Run: python -m benchmarks.peer_helpdesk [--json]
"""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

from benchmarks import databases, opening
from benchmarks.harness import ROOT, Load, free_port, open_pages, serving
from benchmarks.report import Figure, quantile, say

PEER_PINS = ("django-helpdesk==2.6.1", "django==5.2.19", "psycopg[binary,pool]==3.3.9", "granian==2.8.7")
PEER_HOME = ROOT / "tmp" / "peer"
PROJECT = Path(__file__).parent / "peers"
ENTRIES = 50
CONNECTIONS = 4
WORKERS = "2"


def peer_python() -> Path:
    """The interpreter of the peer's environment, made at first use."""
    python = PEER_HOME / "bin" / "python"
    if not python.exists():
        venv.create(PEER_HOME, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEER_PINS], check=True)
    return python


def measure_peer(server: databases.Server) -> tuple[Load, Load, int]:
    """One user, then several, on the peer's ticket page; and how many queries the page makes."""
    server.make("tellonce_bench_helpdesk")
    python, port = peer_python(), free_port()
    environment = {
        "PEER_DATABASE_URL": server.at("tellonce_bench_helpdesk"),
        "PEER_DATABASE_HOST": server.socket_folder,
        "PYTHONPATH": str(PROJECT),
        "DJANGO_SETTINGS_MODULE": "helpdesk_project",
    }
    filled = subprocess.run(
        [python, PROJECT / "helpdesk_prepare.py", str(ENTRIES)],
        env={**os.environ, **environment}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    page = json.loads(filled.stdout.splitlines()[-1])
    target = "django.core.wsgi:get_wsgi_application"
    command = [*opening.granian(target, port, workers=WORKERS, python=str(python)), "--factory"]
    with serving(command, port=port, environment=environment):
        open_pages([page["path"]] * 20, port=port, cookie=page["cookie"], connections=CONNECTIONS)
        one = open_pages([page["path"]] * 50, port=port, cookie=page["cookie"], connections=1)
        many = open_pages([page["path"]] * 200, port=port, cookie=page["cookie"], connections=CONNECTIONS)
    return one, many, int(page["queries"])


def main() -> None:
    """Measures the peer, then us, and prints both."""
    with databases.server() as server:
        peer_one, peer_many, peer_queries = measure_peer(server)
        with opening.served(server, customers=1_000, moments=ENTRIES, workers=WORKERS) as ours:
            ours.open(40, connections=CONNECTIONS)
            one = ours.open(200, connections=1)
            many = ours.open(2_000, connections=CONNECTIONS)
            queries = float(ours.seen["queries"])
    peer = "django-helpdesk 2.6.1"
    say(Figure("customer page, 4 connections", many.per_second, "requests/s", peer, peer_many.per_second))
    say(Figure("customer page, one user, p50", quantile(one.seconds, 0.5) * 1000, "ms", peer,
               quantile(peer_one.seconds, 0.5) * 1000))  # fmt: skip
    say(Figure("customer page, queries", queries, "queries", peer, peer_queries))


if __name__ == "__main__":
    sys.exit(main())
