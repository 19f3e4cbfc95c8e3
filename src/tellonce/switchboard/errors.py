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


class DriverError(DomainError):
    """A phone driver cannot work; the text says what to do."""

    code: ClassVar[str] = "phone_driver"
