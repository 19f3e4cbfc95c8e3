"""What the switchboard cannot be told."""

from typing import ClassVar

from tellonce.kernel.errors import DomainError


class SettingsError(DomainError):
    """Queues, people or numbers that do not fit together; `field` names what."""

    code: ClassVar[str] = "switchboard_settings"

    def __init__(self, field: str, text: str) -> None:
        super().__init__(f"{field} {text}")
        self.field = field


class JournalError(DomainError):
    """A journal that no engine can have written."""

    code: ClassVar[str] = "switchboard_journal"


class JournalLostError(JournalError):
    """The database cannot be reached now: the journal may be regained, see `Journal.regain`."""

    code: ClassVar[str] = "switchboard_journal_lost"


class NotKeptError(DomainError):
    """The database refuses something of what is to be kept; nothing of it was, and other things can be."""

    code: ClassVar[str] = "switchboard_not_kept"


class HalfStepError(DomainError):
    """A step broke off when the board had changed already: that board is not to be used any more.

    `due` is the timer and whose it is that were being looked at, None if none was.
    """

    code: ClassVar[str] = "switchboard_half_step"

    def __init__(self, fact: str, due: tuple[str, str] | None) -> None:
        super().__init__(f"{fact} broke off half-way.")
        self.due = due


class DriverError(DomainError):
    """A phone driver cannot work; the text says what to do."""

    code: ClassVar[str] = "phone_driver"
