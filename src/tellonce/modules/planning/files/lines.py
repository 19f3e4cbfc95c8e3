"""What a file said: shifts and absences, or what is wrong with which line of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from tellonce.kernel.errors import DomainError
from tellonce.modules.planning.contracts import NewShift

_TOLD = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a line (from 1) of a file; `column` is "" where the whole line is meant."""

    line: int
    column: str
    what: str

    def __str__(self) -> str:
        where = gettext("Line %(line)d") % {"line": self.line}
        return f"{where}, {self.column}: {self.what}" if self.column else f"{where}: {self.what}"


class FileRefusedError(DomainError):
    """Nothing of the file was taken; `problems` say why, in order of its lines."""

    code = "roster_file_refused"

    def __init__(self, problems: list[Problem]) -> None:
        """`problems` is not empty."""
        super().__init__(str(problems[0]))
        self.problems = problems[:_TOLD]
        self.more = max(len(problems) - _TOLD, 0)


@dataclass(frozen=True, slots=True)
class NewAbsence:
    """Somebody is away; `uid` is the calendar's own name for it."""

    person_id: int
    starts_at: datetime
    ends_at: datetime
    uid: str = ""


@dataclass(frozen=True, slots=True)
class RosterFile:
    """All that a file says."""

    shifts: tuple[NewShift, ...] = ()
    absences: tuple[NewAbsence, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """The people on staff as files name them: ids by mail address and by name (lower case), names twice given apart."""

    by_mail: Mapping[str, int]
    by_name: Mapping[str, int]
    twice: frozenset[str]

    def person_id(self, word: str) -> int | None:
        """Who is meant; None for nobody known. ValueError says why where a word means two people."""
        key = word.strip().lower().removeprefix("mailto:")
        if key in self.twice:
            raise ValueError(gettext("%(name)s is the name of two people: give the mail address.") % {"name": word})
        return self.by_mail.get(key) or self.by_name.get(key)
