"""An installation behind TLS passes Django's own deployment checks."""

import os
import subprocess
import sys
from pathlib import Path


def test_the_deployment_checks_find_nothing(tmp_path: Path) -> None:
    chosen = {"TELLONCE_ORIGIN": "https://care.example.net", "TELLONCE_HOME": str(tmp_path), "TELLONCE_SECRET_KEY": ""}
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]

    done = subprocess.run(
        command,
        env={**os.environ, **chosen, "DJANGO_SETTINGS_MODULE": "tellonce.config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
