"""What can go wrong in care, expected: each says what happened and who was first."""

from tellonce.kernel.errors import ConflictError, DomainError, NotFoundError


class ContactNotFoundError(NotFoundError):
    """No such contact."""

    code = "contact_not_found"


class CaseNotFoundError(NotFoundError):
    """No such case."""

    code = "case_not_found"


class PromiseNotFoundError(NotFoundError):
    """No such promise."""

    code = "promise_not_found"


class HandOverNotFoundError(NotFoundError):
    """No such hand-over."""

    code = "hand_over_not_found"


class MatterNotFoundError(NotFoundError):
    """No such matter."""

    code = "matter_not_found"


class AnswerNotFoundError(NotFoundError):
    """No such canned answer."""

    code = "answer_not_found"


class AttachmentNotFoundError(NotFoundError):
    """No such file."""

    code = "attachment_not_found"


class ContactTakenError(ConflictError):
    """Somebody else took this contact first; the text says who."""

    code = "contact_taken"


class ContactEndedError(ConflictError):
    """This contact is over."""

    code = "contact_ended"


class CaseStateError(ConflictError):
    """The case is not in a state that allows this; the text says who changed it, and when."""

    code = "case_state"


class PromiseSettledError(ConflictError):
    """The promise was settled already; the text says by whom, and when."""

    code = "promise_settled"


class HandOverTakenError(ConflictError):
    """Somebody else took this hand-over first; the text says who."""

    code = "hand_over_taken"


class UnrelatedCaseError(DomainError):
    """This contact is not about that case: another customer, or another matter."""

    code = "case_unrelated"


class CannotDoError(DomainError):
    """The action cannot be done with what was given; the text says why and what to do instead."""

    code = "cannot_do"


class MissingWordsError(DomainError):
    """Something must be written first: a hand-over's line, a reason, the customer's consent."""

    code = "words_missing"


class MatterTreeError(DomainError):
    """The tree of matters cannot be changed like that."""

    code = "matter_tree"


class FileRefusedError(DomainError):
    """The file is empty, too large, or not what its name says."""

    code = "file_refused"


class WrongSecretError(DomainError):
    """The password or code that was said is not theirs; the text says how many tries are left."""

    code = "wrong_secret"


class CallerLockedOutError(DomainError):
    """Too many wrong passwords or codes in this contact; the text says what to do instead."""

    code = "caller_locked_out"
