"""Expected errors of the record."""

from tellonce.kernel.errors import ConflictError, DomainError, NotFoundError


class CustomerNotFoundError(NotFoundError):
    """No such customer."""

    code = "customer_not_found"


class NotOfRecordError(NotFoundError):
    """The thing is not there, or belongs to another customer."""

    code = "not_of_record"


class BadPhoneError(DomainError):
    """A phone number that cannot be one; the text says which and why."""

    code = "bad_phone"


class BadMailError(DomainError):
    """A mail address that cannot be one; the text says which and why."""

    code = "bad_mail"


class BadMacError(DomainError):
    """A MAC that is not six bytes in hexadecimal; the text says which."""

    code = "bad_mac"


class BadRecordError(DomainError):
    """A value that the record cannot hold; the text says which and why."""

    code = "bad_record"


class TakenError(ConflictError):
    """An account number, serial or id of another system that somebody else has already."""

    code = "taken"


class AlreadyEndedError(ConflictError):
    """The thing has ended already."""

    code = "already_ended"


class MergeError(ConflictError):
    """The merge or its undoing is not possible any more, or would lead in a circle."""

    code = "merge"


class SplitError(ConflictError):
    """The split or its undoing is not possible."""

    code = "split"


class DistributionError(DomainError):
    """The big tables cannot be distributed on this database; the text says what is missing."""

    code = "distribution"
