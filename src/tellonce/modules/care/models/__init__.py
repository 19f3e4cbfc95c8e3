"""Matters, contacts, cases, promises, hand-overs and what belongs to them."""

from tellonce.modules.care.models.callers import Caller, CallerCode, CallerPassword
from tellonce.modules.care.models.cases import Case, CaseContact, CaseLink, CaseViewer
from tellonce.modules.care.models.contacts import Contact, Matter
from tellonce.modules.care.models.papers import Attachment, CannedAnswer, Draft
from tellonce.modules.care.models.promises import HandOver, Promise

__all__ = [
    "Attachment",
    "Caller",
    "CallerCode",
    "CallerPassword",
    "CannedAnswer",
    "Case",
    "CaseContact",
    "CaseLink",
    "CaseViewer",
    "Contact",
    "Draft",
    "HandOver",
    "Matter",
    "Promise",
]
