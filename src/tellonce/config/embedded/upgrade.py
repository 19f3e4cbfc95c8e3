"""From an older PostgreSQL to the one we ship: everything is dumped, restored into new data, then switched in one step.

The old data stays beside the new until somebody deletes it, and a stop at any point leaves one or the other in use.
"""

import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tellonce.config.embedded import transfer
from tellonce.config.embedded.account import account_for
from tellonce.config.embedded.cluster import make_data
from tellonce.config.embedded.errors import EmbeddedDatabaseError
from tellonce.config.embedded.files import ServerFiles, kept_files, server_files, version_of
from tellonce.config.embedded.layout import DATABASE, Layout
from tellonce.config.embedded.server import Say, Server, silent
from tellonce.config.embedded.sharing import alone, major_of, make_database, point_to


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What was moved; `old_data` may be deleted when all is well."""

    was: int
    now: int
    old_data: Path


def upgrade(
    home: Path, *, old_programs: Path | None = None, say: Say = silent, is_safe: bool = True
) -> Upgraded | None:
    """Moves the data of this home to the PostgreSQL that we ship; None when it is there already.

    `old_programs` is the folder of the older server's programs, when this home kept no copy of them.
    """
    layout = Layout(home)
    data = layout.data()
    if data is None:
        raise EmbeddedDatabaseError(f"{home} holds no database yet; there is nothing to upgrade.")
    with alone(layout, say=say):
        new, was = server_files(layout), major_of(data)
        if was == new.major:
            return None
        if was > new.major:
            raise EmbeddedDatabaseError(f"The data is of PostgreSQL {was}, newer than ours ({new.major}).")
        old = _old_files(layout, was, old_programs)
        target = layout.data_of(new.major)
        _remove_unfinished(target)
        _move(
            old=_server(layout, old, data, is_safe=is_safe),
            new=_new_server(layout, new, target, is_safe=is_safe),
            say=say,
        )
        point_to(layout, target)
    return Upgraded(was=was, now=new.major, old_data=data)


def _old_files(layout: Layout, major: int, programs: Path | None) -> ServerFiles:
    if programs is None:
        kept = kept_files(layout, major)
        if kept is None:
            raise EmbeddedDatabaseError(
                f"The data is of PostgreSQL {major}, and its programs are not kept here. Install that version "
                f"and say where, for example: tellonce upgrade --old-programs /usr/lib/postgresql/{major}/bin"
            )
        return kept
    found = ServerFiles(programs=programs, version=version_of(programs))
    if found.major != major:
        raise EmbeddedDatabaseError(f"{programs} is PostgreSQL {found.major}; the data is of PostgreSQL {major}.")
    return found


def _remove_unfinished(target: Path) -> None:
    """Data that an interrupted upgrade left: it was never in use."""
    for path in (target, target.with_name(f"{target.name}.new")):
        if path.exists():
            shutil.rmtree(path)


def _server(layout: Layout, files: ServerFiles, data: Path, *, is_safe: bool) -> Server:
    return Server(layout=layout, files=files, account=account_for(data), data=data, is_safe=is_safe)


def _new_server(layout: Layout, files: ServerFiles, target: Path, *, is_safe: bool) -> Server:
    account = account_for(layout.data())
    make_data(files=files, account=account, data=target, is_safe=is_safe)
    return Server(layout=layout, files=files, account=account, data=target, is_safe=is_safe)


def _move(*, old: Server, new: Server, say: Say) -> None:
    """One server at a time: both use the same socket."""
    dump = new.layout.base / "upgrade.dump"
    with ExitStack() as last:
        last.callback(dump.unlink, missing_ok=True)
        say(f"Reading everything from PostgreSQL {old.files.major} ...")
        with ExitStack() as stopping:
            stopping.callback(old.stop, say)
            old.start(say)
            transfer.dump(files=new.files, source=old.address(DATABASE), target=dump)
        say(f"Writing everything to PostgreSQL {new.files.major} ...")
        with ExitStack() as stopping:
            stopping.callback(new.stop, say)
            new.start(say)
            make_database(new)
            transfer.restore(files=new.files, source=dump, target=new.address(DATABASE))
            _tidy(new)


def _tidy(new: Server) -> None:
    """Statistics for the planner; all of it on disk before it counts."""
    with psycopg.connect(new.address(DATABASE), autocommit=True) as connection:
        connection.execute("analyze")
        connection.execute("checkpoint")
