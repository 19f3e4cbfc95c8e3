"""Errors that are expected: each says what happened and what to do."""

from typing import ClassVar


class DomainError(Exception):
    """Base of every expected error; pages and the command line show its text and nothing else.

    `code` is stable and may be matched by programs; `status` is the HTTP status of a page that fails with it.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400


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
