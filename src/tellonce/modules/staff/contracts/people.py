"""Roles, permission sets, the gate of an address, and the actor of a write."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What somebody on staff does; decides which pages they may open."""

    REPRESENTATIVE = "representative", _("Representative")
    TECHNICIAN = "technician", _("Technician")
    SUPERVISOR = "supervisor", _("Supervisor")
    MANAGER = "manager", _("Manager")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")


class PermissionSet(TextChoices):
    """Added to a role for one kind of work."""

    PLANNER = "planner", _("Planner")
    BILLING_CARE = "billing_care", _("Billing care")
    RETENTION = "retention", _("Retention")
    TECH_HELP = "tech_help", _("Tech help")
    COACH = "coach", _("Coach")


class Anyone(StrEnum):
    """A page that is open to everybody, or to everybody who has signed in."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"


ANYONE: Final = Anyone.ANYONE
SIGNED_IN: Final = Anyone.SIGNED_IN

# Who may open an address: everybody, all who signed in, or those with one of these roles or permission sets.
Gate = Anyone | frozenset[Role | PermissionSet]


class ActorKind(StrEnum):
    """Who does a write: somebody on staff, the customer, or the product itself."""

    PERSON = "person"
    CUSTOMER = "customer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, as of the moment of doing: a snapshot that is never looked up later.

    `id` is the person's id for ActorKind.PERSON and None otherwise; team, site and partner are plain ids.
    """

    kind: ActorKind
    name: str
    id: int | None = None
    team_id: int | None = None
    site_id: int | None = None
    partner_id: int | None = None


def session_mark(session_key: str) -> str:
    """What a live ticket and a sign-out say of a session: a digest, so that neither gives the session away."""
    return hashlib.sha256(b"tellonce.session:" + session_key.encode()).hexdigest()[:32]


SYSTEM = Actor(kind=ActorKind.SYSTEM, name="Tellonce")
