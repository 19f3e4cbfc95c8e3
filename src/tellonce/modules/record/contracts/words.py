"""The words of the record: its enumerations."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

ADDRESS_OF_RECORD_DAYS = 30


class CustomerKind(TextChoices):
    """Who holds the account."""

    PERSON = "person", _("Person")
    HOUSEHOLD = "household", _("Household")
    BUSINESS = "business", _("Business")


class Authority(TextChoices):
    """What a person of record may do."""

    DECIDE = "decide", _("may decide all")
    ASK = "ask", _("may ask")
    NONE = "none", _("may only be told they were heard")


class ContactPointKind(TextChoices):
    """How a customer is reached."""

    PHONE = "phone", _("Phone")
    MAIL = "mail", _("Mail")
    POST = "post", _("Post")


class FlagKind(TextChoices):
    """What everyone must know before they act."""

    LIFE_LINE = "life_line", _("Life-line")
    DO_NOT_CALL = "do_not_call", _("Do not call")
    RESTRICTED = "restricted", _("Restricted view")
    STAFF_SAFETY = "staff_safety", _("Safety of our people")


class AreaKind(TextChoices):
    """The levels of the area tree."""

    REGION = "region", _("Region")
    AREA = "area", _("Area")
    NODE = "node", _("Node")


class ServiceKind(TextChoices):
    """What a service is."""

    INTERNET = "internet", _("Internet")
    TV = "tv", _("TV")
    PHONE = "phone", _("Phone")
    MOBILE = "mobile", _("Mobile")
    EXTRA = "extra", _("Extra")


class ServiceStatus(TextChoices):
    """Where a service stands."""

    ORDERED = "ordered", _("ordered")
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    ENDED = "ended", _("ended")


class DeviceKind(TextChoices):
    """What a device is."""

    MODEM = "modem", _("Modem")
    ROUTER = "router", _("Router")
    ONT = "ont", _("Fibre terminal")
    BOX = "box", _("TV box")
    HANDSET = "handset", _("Handset")
    TV = "tv", _("Television")
    CONSOLE = "console", _("Console")
    OTHER = "other", _("Other")


class SearchKind(TextChoices):
    """What a customer can be found by."""

    NAME = "name", _("Name")
    PHONE = "phone", _("Phone")
    MAIL = "mail", _("Mail")
    ADDRESS = "address", _("Address")
    ACCOUNT = "account", _("Account")
    SERIAL = "serial", _("Serial number")
    MAC = "mac", _("MAC")


class Channel(TextChoices):
    """How a contact or message travels."""

    CALL = "call", _("Call")
    MAIL = "mail", _("Mail")
    CHAT = "chat", _("Chat")
    TEXT = "text", _("Text")
    SOCIAL = "social", _("Social post")
    LETTER = "letter", _("Letter")
    SHOP = "shop", _("Shop visit")
    VISIT = "visit", _("Field visit")
    PORTAL = "portal", _("Portal")


class Direction(TextChoices):
    """From the customer, to the customer, or among ourselves."""

    FROM = "from", _("from the customer")
    TO = "to", _("to the customer")
    INSIDE = "inside", _("inside")


class DeliveryState(TextChoices):
    """How far a message to a customer has got."""

    WAITING = "waiting", _("waiting to be sent")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("not delivered")
    NO_ADDRESS = "no_address", _("no address")


class RetentionKind(TextChoices):
    """What is kept for a while only."""

    RECORDINGS = "recordings", _("Recordings")
    BODIES = "bodies", _("Words of messages and contacts")
    ATTACHMENTS = "attachments", _("Attachments")
    ACCESS_LOG = "access_log", _("Access log")
    IMPORT_FILES = "import_files", _("Files handed in for an import that nobody brought in")
    JOURNAL = "journal", _("The switchboard's journal: every step of every call")
    BILLS = "bills", _("Bills with their lines, payments, orders and use")
    IMPORTS = "imports", _("What undoing an import gives back, and values quoted in its report")
