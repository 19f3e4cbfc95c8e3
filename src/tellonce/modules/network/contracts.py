"""What other modules may know of the network: outages as they are read, and the moments they leave in stories."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tellonce.kernel.errors import ConflictError, DomainError, NotFoundError
from tellonce.modules.record.contracts import Group, Headline, Tone, moment_kind
from tellonce.webkit import times

_MINUTE_S = 60


class OutageKind(TextChoices):
    """How bad it is."""

    LOST = "lost", _("service lost")
    DEGRADED = "degraded", _("service degraded")
    PLANNED = "planned", _("planned work")


class OutageNotFoundError(NotFoundError):
    """No such outage."""

    code = "outage_not_found"


class OutageEndedError(ConflictError):
    """The outage is over already; the text says since when."""

    code = "outage_ended"


class BadOutageError(DomainError):
    """What was reported cannot be: an unknown area, an end before the beginning."""

    code = "outage_bad"


@dataclass(frozen=True, slots=True)
class OutageLine:
    """An outage as pages and briefs read it; `customers` is None until they were counted."""

    id: int
    area_id: int
    area: str
    kind: str
    kind_label: str
    began_at: datetime
    expected_until: datetime | None
    ended_at: datetime | None
    cause: str
    service_kinds: tuple[str, ...]
    customers: int | None
    external_id: str
    reported_by_name: str

    @property
    def is_over(self) -> bool:
        """Whether it has an end."""
        return self.ended_at is not None

    def minutes(self, now: datetime) -> int:
        """How long it has lasted, in whole minutes."""
        return max(0, round(((self.ended_at or now) - self.began_at).total_seconds() / 60))


@dataclass(frozen=True, slots=True)
class NewOutage:
    """An outage of the past, to be loaded in bulk with the customers who had it."""

    area_id: int
    began_at: datetime
    ended_at: datetime
    kind: str = OutageKind.LOST
    expected_until: datetime | None = None
    cause: str = ""
    service_kinds: tuple[str, ...] = ()
    external_id: str = ""
    customer_ids: tuple[int, ...] | None = None


def _lead(kind: str, area: str) -> str:
    match kind:
        case OutageKind.PLANNED:
            return gettext("Planned work in %(area)s") % {"area": area}
        case OutageKind.DEGRADED:
            return gettext("Trouble in %(area)s") % {"area": area}
        case _:
            return gettext("Outage in %(area)s") % {"area": area}


@moment_kind("network.outage_began", group=Group.NETWORK, tone=Tone.BAD)
@dataclass(frozen=True, slots=True)
class OutageBegan:
    """Service was lost or got worse where the customer lives."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    outage_id: int
    outage_kind: str
    area: str
    cause: str = ""
    expected_until: datetime | None = None

    def headline(self) -> Headline:
        """Where, why, until when."""
        parts = [self.cause]
        if self.expected_until is not None:
            until = times.spoken(self.expected_until, now=timezone.now())
            parts.append(gettext("expected until %(time)s") % {"time": until})
        return Headline(_lead(self.outage_kind, self.area), " · ".join(part for part in parts if part))


@moment_kind("network.outage_ended", group=Group.NETWORK)
@dataclass(frozen=True, slots=True)
class OutageEnded:
    """It works again where the customer lives."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    outage_id: int
    outage_kind: str
    area: str
    minutes: int
    cause: str = ""
    customers: int | None = None

    def headline(self) -> Headline:
        """Where, how long, how many had it."""
        homes = (
            ngettext("%(n)d customer", "%(n)d customers", self.customers) % {"n": self.customers}
            if self.customers
            else ""
        )
        lead = gettext("Over: %(what)s") % {"what": _lead(self.outage_kind, self.area)}
        lasted = times.lasted(self.minutes * _MINUTE_S)
        return Headline(lead, " · ".join(part for part in (lasted, homes, self.cause) if part))


@moment_kind("network.outage_withdrawn", group=Group.NETWORK)
@dataclass(frozen=True, slots=True)
class OutageWithdrawn:
    """An outage that was told had been reported by mistake."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    outage_id: int
    area: str

    def headline(self) -> Headline:
        """That there was none."""
        return Headline(
            gettext("There was no outage in %(area)s") % {"area": self.area}, gettext("reported by mistake")
        )
