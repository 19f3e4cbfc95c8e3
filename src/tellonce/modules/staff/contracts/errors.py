"""What can be expected to go wrong with staff, in words for the person who meets it."""

from datetime import datetime

from tellonce.kernel.errors import ConflictError, DomainError, NotAllowedError, NotFoundError


class StaffNotFoundError(NotFoundError):
    """No such person, team, department, site or partner."""

    code = "staff_not_found"


class MailTakenError(ConflictError):
    """Somebody on staff has this mail address already."""

    code = "mail_taken"


class NameTakenError(ConflictError):
    """A team, department, site or partner has this name already."""

    code = "name_taken"


class BadHoursError(DomainError):
    """Open hours or a holiday that cannot be: out of order, overlapping, or an unknown time zone."""

    code = "bad_hours"


class WeakPasswordError(DomainError):
    """The password is too easy to guess; the text says why."""

    code = "weak_password"


class NotAPersonError(DomainError):
    """What was entered for a person cannot be: no name, an unusable mail address, an unknown role."""

    code = "not_a_person"


class LockedOutError(DomainError):
    """Too many wrong passwords or codes for one account; `until` says when to try again."""

    code = "locked_out"
    status = 429

    def __init__(self, message: str, *, until: datetime) -> None:
        """`until` is the time from which another attempt is allowed."""
        super().__init__(message)
        self.until = until


class ReasonNeededError(DomainError):
    """A customer's record is opened without a contact or case, or is restricted: say why first."""

    code = "reason_needed"
    status = 403

    def __init__(self, message: str, *, customer_id: int) -> None:
        """`customer_id` is the customer whose record was asked for."""
        super().__init__(message)
        self.customer_id = customer_id


class OutsidePartnerError(NotAllowedError):
    """A partner's person asks for a customer who has nothing assigned to that partner."""

    code = "outside_partner"
