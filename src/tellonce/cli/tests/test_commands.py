"""The command line as people type it: one clear line when it fails, and what it promises when it does not."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tellonce.cli import app
from tellonce.cli.checks import before_django
from tellonce.cli.demo import NotADemoError, home_is_a_demo
from tellonce.config.embedded import Layout, running
from tellonce.config.setup import read_setup

ERASE = """
import django; django.setup()
from django.utils import timezone
from tellonce.modules.record.actions import add_customer, erase_customer
from tellonce.modules.record.models import Customer
from tellonce.modules.staff.contracts import SYSTEM
import sys
if sys.argv[1] == "add":
    print(add_customer(name="Nora Quist", kind="person", by=SYSTEM, at=timezone.now()).pk)
else:
    erase_customer(customer_id=int(sys.argv[2]), by=SYSTEM, at=timezone.now())
"""


@pytest.fixture
def homes() -> Iterator[Path]:
    """A folder for homes that the database's user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="tellonce-cli-"))
    folder.chmod(0o755)
    yield folder
    for home in folder.iterdir():
        if home.is_dir() and (data := Layout(home).data()) is not None and (data / "postmaster.pid").exists():
            with running(home):
                pass
    shutil.rmtree(folder)


def tellonce(*words: str, **values: str) -> "subprocess.CompletedProcess[str]":
    return run([sys.executable, "-m", "tellonce.cli", *words], **values)


def run(command: list[str], **values: str) -> "subprocess.CompletedProcess[str]":
    unset = {"DATABASE_URL", "TELLONCE_HOME", "TELLONCE_SECRET_KEY"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    return subprocess.run(command, env={**environment, **values}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("words", "values", "told"),
    [
        (["migrate"], {"TELLONCE_PORT": "x"}, "TELLONCE_PORT='x' is not a whole number"),
        (["migrate"], {"DATABASE_URL": "postgresql://a@127.0.0.1:1/b"}, "The database cannot be reached"),
        (["web", "--port", "0"], {}, "TELLONCE_PORT"),
        (["import", "customers", "/nowhere.csv", "--mapping", "ibm-telco"], {}, "does not exist"),
        (["upgrade"], {}, "holds no database yet"),
        (["export", "customers", "--to", "/nope/x.jsonl"], {}, "There is no folder /nope: make it first"),
        (["export", "customers", "--to", "/tmp"], {}, "/tmp is a folder: name the file to write in it"),
        (["export", "customer", "1", "--reason", " "], {}, "--reason is empty: say why"),
        (["export", "customer", "1", "--reason", "a letter", "--to", "/tmp"], {}, "/tmp is a folder"),
    ],
)
def test_a_failure_is_one_clear_line_and_a_code(
    homes: Path, words: list[str], values: dict[str, str], told: str
) -> None:
    done = tellonce("--home", str(homes / "home"), *words, **values)
    assert done.returncode != 0
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_without_tables_is_one_line_that_says_what_to_do(homes: Path) -> None:
    with running(homes / "home") as server:
        url = f"postgresql://tellonce@/tellonce?host={server.layout.socket_folder()}"
        values = {"TELLONCE_HOME": str(homes / "home"), "DATABASE_URL": url, "TELLONCE_SECRET_KEY": "for-this-test"}
        for words in (
            ["import", "undo", "1"],
            ["export", "customer", "1", "--reason", "a letter"],
            ["key", "add", "sys", "--scope", "cases:read"],
            ["backup", str(homes / "backup.tar")],
        ):
            done = tellonce(*words, **values)
            assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
            assert "The database has no tables yet" in done.stderr
    assert not (homes / "backup.tar").exists()


def test_a_backup_of_a_mistyped_home_is_refused_and_makes_nothing(homes: Path) -> None:
    typo, file = homes / "typo", homes / "new" / "backup.tar"
    refused = tellonce("--home", str(typo), "backup", str(file))
    assert (refused.returncode, "holds no database" in refused.stderr) == (1, True), refused.stderr
    beside = tellonce("--home", str(typo), "backup", str(file), DATABASE_URL="postgresql://a@127.0.0.1:1/b")
    assert (beside.returncode, "holds no secret_key" in beside.stderr) == (1, True), beside.stderr
    assert list(homes.iterdir()) == []


def test_a_check_of_a_mistyped_home_makes_nothing_there(homes: Path) -> None:
    refused = tellonce("--home", str(homes / "typo"), "check")
    assert (refused.returncode, "holds no database" in refused.stderr) == (1, True), refused.stderr
    assert list(homes.iterdir()) == []


def test_a_check_says_what_to_do_about_a_full_disk_and_mail_that_is_not_sent(
    homes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read_setup({"TELLONCE_HOME": str(homes / "home")})
    monkeypatch.setattr("tellonce.cli.checks._LEAST_FREE", 1 << 62)
    found = {finding.what: finding for finding in before_django(settings)}
    assert {what: finding.is_good for what, finding in found.items()} == {
        "Settings": True,
        "Home": True,
        "Disk": False,
        "Mail": True,
    }
    assert "TELLONCE_SMTP_URL" in found["Mail"].found
    assert found["Disk"].advice


def test_a_backup_makes_no_folders_unasked(homes: Path) -> None:
    values = {"DATABASE_URL": "postgresql://a@127.0.0.1:1/b", "TELLONCE_SECRET_KEY": "for-this-test"}
    refused = tellonce("--home", str(homes), "backup", str(homes / "new" / "backup.tar"), **values)
    assert (refused.returncode, "There is no folder" in refused.stderr) == (1, True), refused.stderr
    assert not (homes / "new").exists()


def test_what_is_no_backup_is_refused_in_one_line_and_leaves_nothing(homes: Path) -> None:
    (homes / "README.md").write_text("# No backup")
    refused = tellonce("--home", str(homes / "home"), "restore", str(homes / "README.md"))
    said = refused.stderr.splitlines()
    assert [line for line in said if "is not a backup of Tellonce, or is damaged" in line] == said[-1:], refused.stderr
    assert refused.returncode == 1
    assert not (homes / "home" / "restoring").exists()


def test_the_home_may_stand_before_or_after_the_command() -> None:
    first = app._home_first(["--home", "/a", "serve", "--port", "1"])
    assert app._home_first(["serve", "--home", "/a", "--port", "1"]) == first
    assert app._home_first(["serve", "--port", "1", "--home=/a"]) == ["--home=/a", "serve", "--port", "1"]


def test_a_demo_never_takes_a_home_that_holds_real_data(homes: Path) -> None:
    layout = Layout(homes / "real")
    layout.base.mkdir(parents=True)
    layout.current.write_text("data-18")
    with pytest.raises(NotADemoError, match="real data"):
        home_is_a_demo(homes / "real")
    home_is_a_demo(homes / "new")
    layout = Layout(homes / "new")
    layout.base.mkdir()
    layout.current.write_text("data-18")
    home_is_a_demo(homes / "new")
    (homes / "new" / "database" / "current").unlink()
    (homes / "real" / "database" / "current").unlink()


@pytest.mark.faults
def test_a_backup_comes_back_whole_but_for_who_was_erased_since(homes: Path) -> None:
    old, new, file = homes / "old", homes / "new", homes / "backup.tar"
    assert tellonce("migrate", TELLONCE_HOME=str(old)).returncode == 0
    added = tellonce("person", "add", "ana@example.net", "--name", "Ana", TELLONCE_HOME=str(old))
    assert "shown this once" in added.stdout, added.stderr
    with running(old) as server:
        url = f"postgresql://tellonce@/tellonce?host={server.layout.socket_folder()}"
        values = {"TELLONCE_HOME": str(old), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tellonce.config.settings"}
        customer = run([sys.executable, "-c", ERASE, "add"], **values).stdout.strip()
        assert tellonce("backup", str(file), TELLONCE_HOME=str(old)).returncode == 0
        assert run([sys.executable, "-c", ERASE, "erase", customer], **values).returncode == 0
    assert file.stat().st_mode & 0o777 == 0o600
    with tarfile.open(file) as tar:
        assert {"manifest.json", "database.dump", "secret_key"} <= set(tar.getnames())
    restored = tellonce("restore", str(file), "--erasures", str(old / "erasures.jsonl"), TELLONCE_HOME=str(new))
    assert "erased again: 1" in restored.stdout, restored.stderr
    exported = tellonce("export", "customer", customer, "--reason", "test", TELLONCE_HOME=str(new))
    assert exported.returncode == 0, exported.stderr
    assert "Nora" not in exported.stdout
    assert json.loads(exported.stdout)["customer_ids"] == [int(customer)]
    again = tellonce("restore", str(file), TELLONCE_HOME=str(new))
    assert (again.returncode, "is not empty" in again.stderr) == (1, True)
