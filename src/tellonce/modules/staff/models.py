"""People on staff, their teams, departments, sites and partners, and the access log."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tellonce.modules.staff.contracts import Actor, ActorKind, PermissionSet, Role


class Partner(models.Model):
    """Another company whose people work for the provider."""

    name = models.CharField(_("name"), max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """Where people sit: its time zone and hours are what promises are due by."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class OpenHours(models.Model):
    """When a site is open on a weekday (0 is Monday); several spans a day are allowed, overlaps are not."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="open_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        ordering = ("weekday", "opens")
        constraints = (
            models.CheckConstraint(name="open_hours_weekday", condition=Q(weekday__lte=6)),
            models.CheckConstraint(name="open_hours_in_order", condition=Q(closes__gt=F("opens"))),
            models.UniqueConstraint(name="open_hours_once", fields=("site", "weekday", "opens")),
        )

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class Holiday(models.Model):
    """A day on which a site is closed, or open at other hours."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="holidays")
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=120)
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)

    class Meta:
        ordering = ("day",)
        constraints = (
            models.UniqueConstraint(name="holiday_once", fields=("site", "day")),
            models.CheckConstraint(
                name="holiday_hours_both_or_none",
                condition=Q(opens__isnull=True, closes__isnull=True) | Q(closes__gt=F("opens")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class Department(models.Model):
    """Who answers for one kind of work; departments serve each other by cases and promises."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who work together under one supervisor."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, blank=True, related_name="teams")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    supervisor = models.ForeignKey("staff.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Finds people by their mail address; people are added by `actions.add_person`."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person whose mail address is `username`, in any case."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody on staff, who signs in with a mail address."""

    email = models.EmailField(_("mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    permission_sets = ArrayField(models.CharField(max_length=20, choices=PermissionSet), default=list, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(_("theme"), max_length=10, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    added_at = models.DateTimeField(_("added"))

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "role"]

    objects = PersonManager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(name="person_email_lower_case", condition=Q(email=Lower("email"))),
            models.CheckConstraint(name="person_role_known", condition=Q(role__in=Role.values)),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """Up to two letters that stand for the person."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    def as_actor(self) -> Actor:
        """The person as the author of a write, with team, site and partner as they are now."""
        return Actor(
            kind=ActorKind.PERSON,
            id=self.pk,
            name=self.name,
            team_id=self.team_id,
            site_id=self.site_id,
            partner_id=self.partner_id,
        )


class AccessEntry(models.Model):
    """One view of a customer's record: plain ids, so that it loses nothing, and never edited (a trigger refuses)."""

    at = models.DateTimeField(_("at"))
    person_id = models.BigIntegerField()
    person_name = models.CharField(max_length=120)
    customer_id = models.BigIntegerField(null=True)
    contact_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    page = models.CharField(max_length=60)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    without_contact = models.BooleanField(_("without a contact"), default=False)
    searched_for = models.CharField(_("searched for"), max_length=200, blank=True)

    class Meta:
        indexes = (
            models.Index(name="access_by_customer", fields=("customer_id", "-at")),
            models.Index(name="access_by_person", fields=("person_id", "-at")),
            models.Index(name="access_by_time", fields=("-at",)),
        )

    def __str__(self) -> str:
        return f"{self.at} {self.person_name} {self.page}"


class StaffChange(models.Model):
    """One change of a person, a place or a calendar: who, when, what, before and after; never edited (a trigger)."""

    at = models.DateTimeField(_("at"))
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    what = models.CharField(max_length=40)
    about = models.CharField(max_length=20)
    about_id = models.BigIntegerField()
    about_name = models.CharField(max_length=254)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        indexes = (
            models.Index(name="staff_change_about", fields=("about", "about_id", "-at")),
            models.Index(name="staff_change_time", fields=("-at",)),
        )

    def __str__(self) -> str:
        return f"{self.at} {self.by_name} {self.what} {self.about_name}"
