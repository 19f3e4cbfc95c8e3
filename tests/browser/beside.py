"""A process beside the browser, in which things happen: started when first asked, for an interpreter takes seconds."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Beside:
    """`python -m tests.browser.happen stay` with this environment; its complaints go to a file."""

    environment: dict[str, str]
    complaints: Path
    _process: "subprocess.Popen[str] | None" = field(default=None, init=False)

    def do(self, *words: str) -> Any:
        """What these words say, when it has happened; RuntimeError when it did not."""
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(words) + "\n")
        process.stdin.flush()
        said = process.stdout.readline()
        if not said:
            self.end()
            raise RuntimeError(f"{words}: {self.complaints.read_text()[-4000:]}")
        return json.loads(said)

    def end(self) -> None:
        """No more happens, until the next is asked for."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def _start(self) -> "subprocess.Popen[str]":
        with self.complaints.open("ab") as complaints:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.browser.happen", "stay"], env=self.environment, cwd=ROOT, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints,
            )  # fmt: skip
        return self._process
