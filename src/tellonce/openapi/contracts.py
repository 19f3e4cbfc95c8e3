"""What a key of the API may do, and the errors of the API."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tellonce.kernel.errors import DomainError, NotFoundError


class Scope(TextChoices):
    """What a key may do."""

    CONTACTS_WRITE = "contacts:write", _("hand contacts in")
    CONTACTS_READ = "contacts:read", _("read contacts")
    CUSTOMERS_WRITE = "customers:write", _("add and change customers")
    CUSTOMERS_READ = "customers:read", _("read customers")
    STORY_READ = "story:read", _("read stories")
    PROMISES_READ = "promises:read", _("read promises")
    CASES_WRITE = "cases:write", _("open cases")
    CASES_READ = "cases:read", _("read cases")
    OUTAGES_WRITE = "outages:write", _("report, change and end outages")
    OUTAGES_READ = "outages:read", _("read outages")
    BILLS_ASK = "bills:ask", _("ask about bills before they are sent")
    BILLS_ORDERS = "bills:orders", _("fetch what the billing system is asked to do")
    VISITS_WRITE = "visits:write", _("tell of visits")
    RESTRICTED = "restricted", _("also restricted customers")


class KeyNotFoundError(NotFoundError):
    """No such key."""

    code = "key_not_found"


class BadKeyError(DomainError):
    """A key cannot be made like this."""

    code = "bad_key"


class UnknownKeyError(DomainError):
    """The request has no key, or one that is unknown or ended."""

    code = "no_key"
    status = 401


class ScopeMissingError(DomainError):
    """The key may not do this."""

    code = "scope_missing"
    status = 403


class TooManyRequestsError(DomainError):
    """The key has used up its requests of this minute."""

    code = "too_many_requests"
    status = 429


class BadRequestError(DomainError):
    """The request cannot be used as it is: the text says which part and why."""

    code = "bad_request"
