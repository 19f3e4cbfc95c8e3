"""What can be done from a customer's page, by name and by key."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from tellonce.desk.deeds.again import ReopenInContact
from tellonce.desk.deeds.base import DeedForm, Place, Words
from tellonce.desk.deeds.billing import BILL_DEEDS
from tellonce.desk.deeds.casework import CASE_DEEDS
from tellonce.desk.deeds.departments import AskDepartment
from tellonce.desk.deeds.files import AttachInContact
from tellonce.desk.deeds.identity import Identify, SetCallerPassword
from tellonce.desk.deeds.keeping import RECORD_DEEDS, SetFlag
from tellonce.desk.deeds.owing import Keep, OwnUp, Promise, Withdraw
from tellonce.desk.deeds.passing import HandOver, OpenCase
from tellonce.desk.deeds.talking import End, Note, Solve, ToldAgain, Write
from tellonce.desk.deeds.visits import MissedVisit

_ALL: tuple[type[DeedForm], ...] = (
    Solve, Promise, HandOver, Note, Write, ToldAgain, OpenCase, AskDepartment, SetFlag, End, Keep, Withdraw, OwnUp,
    ReopenInContact, AttachInContact, Identify, SetCallerPassword, *BILL_DEEDS, MissedVisit, *RECORD_DEEDS,
)  # fmt: skip
DEEDS: dict[str, type[DeedForm]] = {deed.name: deed for deed in _ALL}

# What may be done with a promise, a department's too.
PROMISE_DEEDS: dict[str, type[DeedForm]] = {deed.name: deed for deed in (Keep, Withdraw, OwnUp)}

# What may be done in a contact that names no customer yet.
CONTACT_DEEDS: dict[str, type[DeedForm]] = {deed.name: deed for deed in (End, HandOver)}


@dataclass(frozen=True, slots=True)
class Key:
    """A deed on a button: its name and key; `in_talk` ones belong to the conversation and stand beside it."""

    name: str
    key: str
    label: Words
    in_talk: bool = False
    is_main: bool = False
    is_once: bool = False


KEYS: tuple[Key, ...] = (
    Key("solve", "S", Solve.title, is_main=True),
    Key("promise", "P", Promise.title),
    Key("hand-over", "H", HandOver.title),
    Key("dispute", "X", _("Dispute")),
    Key("credit", "B C", _("Credit")),
    Key("missed-visit", "B N", MissedVisit.title),
    Key("write", "W", _("Write")),
    Key("note", "N", Note.title),
    Key("open-case", "O", _("Open case")),
    Key("ask", "D", _("Ask others")),
    Key("told-again", "A", ToldAgain.title, in_talk=True, is_once=True),
    Key("attach", "U", _("Attach"), in_talk=True),
    Key("flag", "F", SetFlag.title),
    Key("end", "E", _("End"), in_talk=True),
)

# Beside what may be said, where who it is is asked.
IDENTIFY_KEY = Key("identify", "I", Identify.title, in_talk=True)

__all__ = [
    "CASE_DEEDS", "CONTACT_DEEDS", "DEEDS", "IDENTIFY_KEY", "KEYS", "PROMISE_DEEDS", "AskDepartment", "DeedForm",
    "Key", "Place",
]  # fmt: skip
