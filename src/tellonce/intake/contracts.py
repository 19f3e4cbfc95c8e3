"""What an import is made of: kinds, states, problems, and its errors."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tellonce.kernel.errors import ConflictError, DomainError, NotFoundError

SHOWN_ROWS = 5
PROBLEM_LIMIT = 50
_NAMES_SHOWN = 40
_NAME_SHOWN = 40


class ImportKind(TextChoices):
    """What a file brings in."""

    CUSTOMERS = "customers", _("Customers")
    CONTACTS = "contacts", _("Contacts")
    AREAS = "areas", _("Areas")
    OUTAGES = "outages", _("Outages")
    CALLS = "calls", _("Calls")
    BILLS = "bills", _("Bills")
    CHARGES = "charges", _("Lines of bills")
    PAYMENTS = "payments", _("Payments")
    PRICES = "prices", _("Price book")
    DEVICES = "devices", _("What is known of devices")
    ORDERS = "orders", _("What was ordered")
    TRAFFIC = "traffic", _("What was used")


BULK = frozenset({ImportKind.BILLS, ImportKind.CHARGES, ImportKind.PAYMENTS})
"""What comes in millions of rows, and is read, checked and loaded as whole columns."""

UNDOABLE = frozenset(set(ImportKind) - {ImportKind.AREAS, ImportKind.OUTAGES})
"""What an undo takes back; areas and outages are changed by hand."""


class RunState(TextChoices):
    """Where an import stands."""

    WAITING = "waiting", _("waiting")
    LOOKED_AT = "looked_at", _("looked at")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")
    STOPPED = "stopped", _("stopped half way")
    UNDONE = "undone", _("undone")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value: where it stands, what it is, and what to do about it.

    `line` counts from 1 as an editor does (a row of a sheet for XLSX); `column` is its name in the file, or empty
    where the whole row is meant. Only `value` quotes the file: it is forgotten one day, and the rest is not.
    """

    line: int
    column: str
    value: str
    what: str
    do: str

    def as_json(self) -> dict[str, Any]:
        """The problem as JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import did, or would do, in rows of the file."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of reading a file: problems refuse the whole file, notes do not.

    `words` are some of the file, as they are read in an encoding that is only guessed.
    """

    counts: Counts
    how: str
    problems: tuple[Problem, ...] = ()
    more_problems: bool = False
    notes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    first_rows: tuple[dict[str, Any], ...] = field(default=())

    @property
    def is_good(self) -> bool:
        """Nothing stands in the way of loading the file."""
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """The report as JSON values, as it is kept with the import; the first rows are kept in words."""
        return {
            "how": self.how,
            "problems": [problem.as_json() for problem in self.problems],
            "more_problems": self.more_problems,
            "notes": list(self.notes),
            "words": list(self.words),
        }


def in_short(names: Sequence[str]) -> str:
    """Names of columns as a sentence lists them: what is no table at all would fill the screen with them."""
    shown = [name if len(name) <= _NAME_SHOWN else f"{name[:_NAME_SHOWN]}…" for name in names[:_NAMES_SHOWN]]
    return ", ".join([*shown, "…"] if len(names) > _NAMES_SHOWN else shown)


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo hid and gave back, and what it left (names to show, in order).

    `kept` are customers and contacts that somebody worked on later; `stays` are values and things of others that were
    changed or used since, each by its customer and field. `more` counts those that are not named any more, `billing`
    payments, prices and events of devices.
    """

    customers: int = 0
    contacts: int = 0
    cases: int = 0
    calls: int = 0
    bills: int = 0
    billing: int = 0
    given_back: int = 0
    kept: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    more: int = 0


Progress = Callable[[int, float], None]
"""Called with the rows read so far and the share of the file (0 to 1)."""


class UnreadableFileError(DomainError):
    """The file cannot be read at all: its text says where and what to do."""

    code = "unreadable_file"

    def __init__(self, text: str, *, line: int = 0, value: str = "", do: str = "") -> None:
        super().__init__(f"{text} {do}".strip())
        self.problem = Problem(line=line, column="", value=value, what=text, do=do)


class BadMappingError(DomainError):
    """The mapping cannot be used: its text names the key and the line in the mapping's file."""

    code = "bad_mapping"


class ImportBusyError(ConflictError):
    """Another import from the same source is running."""

    code = "import_busy"


class ImportNotFoundError(NotFoundError):
    """No such import."""

    code = "import_not_found"


class ImportStateError(ConflictError):
    """The import is not in the state that this needs."""

    code = "import_state"
