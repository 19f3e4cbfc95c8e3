"""Queues, the numbers that lead to them, and who can do what they need."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tellonce.modules.staff.models import Person, Site

MOST_LEVEL = 5


class Queue(models.Model):
    """Where calls wait for people with one skill, at its `level` or above, in the hours of its site.

    A queue without a site (calls of another system) may have a time zone of its own. People of the sites and partners
    in `home` (all if empty) take its contacts, those of `overflow_to` also after a while.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    code = models.CharField(_("code"), max_length=40, unique=True)
    skill_code = models.CharField(_("skill"), max_length=40, blank=True)
    level = models.PositiveSmallIntegerField(_("least level"), default=1, db_default=1)
    target_within_s = models.PositiveIntegerField(_("answer within seconds"), default=60)
    target_share = models.FloatField(_("share of calls"), default=0.8)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), default=0)
    ring_s = models.PositiveSmallIntegerField(_("a person is rung for seconds"), default=20)
    wrap_s = models.PositiveSmallIntegerField(_("wrap-up of at most seconds"), default=60)
    callback_above_s = models.PositiveIntegerField(_("a callback is offered above seconds"), null=True, blank=True)
    home = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    overflow_to = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    overflow_after_s = models.PositiveIntegerField(_("others help after seconds"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(name="queue_named", condition=~Q(name="") & ~Q(code="")),
            models.CheckConstraint(
                name="queue_target_possible",
                condition=Q(target_share__gt=0, target_share__lte=1, target_within_s__lte=86_400),
            ),
            models.CheckConstraint(name="queue_level_possible", condition=Q(level__gte=1, level__lte=MOST_LEVEL)),
            models.CheckConstraint(name="queue_rings", condition=Q(ring_s__gt=0, priority__lte=5)),
        )

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """A number or name that callers dial: it leads to a queue, or to a menu of one level (key to queue code)."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="entries")
    menu = models.JSONField(_("menu"), default=dict, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.CheckConstraint(name="entry_numbered", condition=~Q(number="")),)

    def __str__(self) -> str:
        return self.number


class Skill(models.Model):
    """What somebody can do, and how well: 1 is enough, more is preferred where it is asked for."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(_("skill"), max_length=40)
    level = models.PositiveSmallIntegerField(_("level"), default=1)

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(name="skill_once", fields=("person", "code")),
            models.CheckConstraint(
                name="skill_level_possible", condition=Q(level__gte=1, level__lte=MOST_LEVEL) & ~Q(code="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.level}"


class DeskPhone(models.Model):
    """How somebody's phone signs in; of its password only the digest for our realm is kept (HA1, RFC 7616).

    One that `picks_up` is set to do so by itself when the call asks for it: its person answers on the page.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="+")
    user = models.CharField(_("user"), max_length=40, unique=True)
    ha1 = models.CharField(max_length=32)
    made_at = models.DateTimeField()
    picks_up = models.BooleanField(_("picks up by itself"), default=False, db_default=False)

    class Meta:
        constraints = (models.CheckConstraint(name="desk_phone_whole", condition=~Q(user="") & ~Q(ha1="")),)

    def __str__(self) -> str:
        return self.user


class BrowserPhone(models.Model):
    """Somebody's phone in the browser, which signs in by its digest alone: nobody ever had its password.

    One that is off is kept, so that the switchboard knows it when it is turned on again.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="+")
    user = models.CharField(_("user"), max_length=40, unique=True)
    ha1 = models.CharField(max_length=32)
    is_on = models.BooleanField(_("chosen"), default=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(name="browser_phone_whole", condition=~Q(user="") & ~Q(ha1="")),)

    def __str__(self) -> str:
        return self.user
