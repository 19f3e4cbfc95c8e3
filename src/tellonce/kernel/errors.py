"""Errors that are expected: each says what happened and what to do."""

from collections.abc import Mapping
from typing import Any, ClassVar


class DomainError(Exception):
    """Base of every expected error; pages and the command line show its text and nothing else.

    `code` is stable and may be matched by programs; `status` is the HTTP status of a page that fails with it.
    `reason` is "" or a stable name of what is wrong, and `told` the values in its text: from both a page says it in
    the reader's language.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    reason: str = ""
    told: Mapping[str, Any] = {}


class InputError(DomainError):
    """Something given that cannot be; `field` names the argument, with which the text begins."""

    def __init__(self, field: str, text: str, *, reason: str = "", **told: Any) -> None:
        super().__init__(f"{field} {text}")
        self.field, self.reason, self.told = field, reason, told


class NotFoundError(DomainError):
    """The thing asked for does not exist, or the asker may not see it."""

    code = "not_found"
    status = 404


class NotAllowedError(DomainError):
    """The person may not do this."""

    code = "not_allowed"
    status = 403


class ConflictError(DomainError):
    """Somebody else was first: the thing is no longer in the state that the action needs."""

    code = "conflict"
    status = 409
