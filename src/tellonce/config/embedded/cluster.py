"""A data folder: how it is made and with which options its server runs."""

import os
import shutil
import subprocess
from pathlib import Path

from tellonce.config.embedded.account import Account
from tellonce.config.embedded.errors import EmbeddedDatabaseError
from tellonce.config.embedded.files import ServerFiles
from tellonce.config.embedded.layout import APPLICATION_ROLE, OWNER_ROLE, Layout

_BUILTIN_LOCALES_SINCE = 17
_MEGABYTE = 1024 * 1024


def clean_environment() -> dict[str, str]:
    """What the server's programs see: none of our settings, no PG* variable of whoever calls us."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "LC_ALL": "C", "LANG": "C"}


def make_data(*, files: ServerFiles, account: Account, data: Path, is_safe: bool) -> None:
    """A new data folder in one step: text is UTF-8 in every locale, and nobody signs in but by the system's word."""
    unfinished = data.with_name(data.name + ".new")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    account.make_folder(unfinished)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    if files.major < _BUILTIN_LOCALES_SINCE:
        locale = ["--locale=C.UTF-8"]
    command = [files.program("initdb"), "--pgdata", str(unfinished), "--encoding=UTF8", *locale]
    command += ["--username", OWNER_ROLE, "--auth=peer", "--data-checksums", *([] if is_safe else ["--no-sync"])]
    done = subprocess.run(  # noqa: S603 - our own program
        command, cwd="/", env=clean_environment(), check=False, capture_output=True, text=True, **account.as_user()
    )
    if done.returncode != 0:
        raise EmbeddedDatabaseError(f"The database could not be made in {data}: {_last_line(done.stderr)}")
    unfinished.replace(data)


def write_sign_in(*, layout: Layout, account: Account) -> None:
    """Who may connect: over the socket only, as the system knows them: the server's user and whoever starts it."""
    names = {account.name, _own_name(account)}
    roles = (OWNER_ROLE, APPLICATION_ROLE)
    _write(layout.base / "pg_hba.conf", "local all all peer map=house\n")
    _write(
        layout.base / "pg_ident.conf", "".join(f'house "{name}" {role}\n' for name in sorted(names) for role in roles)
    )


def server_command(
    *, files: ServerFiles, layout: Layout, data: Path, socket: Path, is_safe: bool, memory: int | None = None
) -> list[str]:
    """The command line of the server. `is_safe=False` (tests only) outlives a kill, not a power cut."""
    memory = _memory() if memory is None else memory
    options = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{socket}"',
        "unix_socket_permissions": "0700",
        "hba_file": str(layout.base / "pg_hba.conf"),
        "ident_file": str(layout.base / "pg_ident.conf"),
        "max_connections": "200",
        "shared_buffers": f"{min(max(memory // 4 // _MEGABYTE, 64), 4096)}MB",
        "effective_cache_size": f"{max(memory // 2 // _MEGABYTE, 128)}MB",
        "maintenance_work_mem": "128MB",
        "random_page_cost": "1.1",
        "max_wal_size": "4GB",
        "wal_compression": "on",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_startup_progress_interval": "1s",
        "logging_collector": "on",
        "log_directory": str(layout.log),
        "log_filename": "postgresql-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
    }
    if not is_safe:
        options |= {"fsync": "off", "full_page_writes": "off", "shared_buffers": "128MB"}
    return [
        files.program("postgres"),
        "-D",
        str(data),
        *(word for pair in options.items() for word in ("-c", "=".join(pair))),
    ]


def _own_name(account: Account) -> str:
    return "root" if account.drops else account.name


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _write(path: Path, text: str) -> None:
    """Replaces a small file in one step, readable by the server's user."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_text(text)
    unfinished.chmod(0o644)
    unfinished.replace(path)


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason"
