"""What can go wrong with disputes, credits, causes and findings: each says what happened and who was first."""

from tellonce.kernel.errors import ConflictError, DomainError, NotAllowedError, NotFoundError


class BillNotFoundError(NotFoundError):
    """No such bill."""

    code = "bill_not_found"


class BadBillError(DomainError):
    """A bill cannot be as it is told."""

    code = "bad_bill"


class BillKnownError(ConflictError):
    """The bill was sent before: it does not change, and nothing of it can be held."""

    code = "bill_known"


class DisputeNotFoundError(NotFoundError):
    """No such dispute."""

    code = "dispute_not_found"


class CreditNotFoundError(NotFoundError):
    """No such credit."""

    code = "credit_not_found"


class WatchNotFoundError(NotFoundError):
    """Nothing is watched under this number."""

    code = "watch_not_found"


class CauseNotFoundError(NotFoundError):
    """No such cause."""

    code = "cause_not_found"


class CorrectionNotFoundError(NotFoundError):
    """No such correction."""

    code = "correction_not_found"


class FindingNotFoundError(NotFoundError):
    """No such finding."""

    code = "finding_not_found"


class BadDisputeError(DomainError):
    """What is disputed or decided cannot be; the text says why and what to do instead."""

    code = "dispute_bad"


class AlreadyDisputedError(ConflictError):
    """This line is disputed already, or was put right; the text says in which dispute."""

    code = "dispute_again"


class DisputeSettledError(ConflictError):
    """Somebody else decided the dispute first; the text says who, what and when."""

    code = "dispute_settled"


class BadCreditError(DomainError):
    """The credit cannot be given like this; the text says why."""

    code = "credit_bad"


class CreditSettledError(ConflictError):
    """Somebody else granted or refused the credit first; the text says who and when."""

    code = "credit_settled"


class SecondPersonError(NotAllowedError):
    """A second person is needed here: not the one who asked, and one whose limit is high enough."""

    code = "second_person"


class BadWatchError(DomainError):
    """A watch like this would look for nothing or for everything."""

    code = "watch_bad"


class BadCauseError(DomainError):
    """What is said of a cause or its correction cannot be."""

    code = "cause_bad"


class CorrectionStateError(ConflictError):
    """The correction is not where this can be done; the text says who was first."""

    code = "correction_state"


class FindingSettledError(ConflictError):
    """Somebody else looked at this finding first; the text says who."""

    code = "finding_settled"
