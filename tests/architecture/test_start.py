"""What every process of Tellonce loads when it starts."""

import os
import subprocess
import sys

BIG = {"duckdb", "ibis", "openpyxl", "pandas", "scipy.optimize", "scipy.stats", "sklearn", "statsforecast"}
START = f"import django, sys; django.setup(); print(*({BIG!r} & sys.modules.keys()))"


def test_no_process_loads_a_big_library_before_it_needs_it() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tellonce.config.settings"}
    done = subprocess.run([sys.executable, "-c", START], env=environment, check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
