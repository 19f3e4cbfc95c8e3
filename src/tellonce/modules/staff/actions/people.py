"""Adding people to staff, changing them, and letting them in or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from psycopg.errors import UniqueViolation

from tellonce.kernel.errors import ConflictError
from tellonce.modules.staff.actions.changes import Json, note_change
from tellonce.modules.staff.actions.sessions import end_sessions
from tellonce.modules.staff.contracts import (
    SYSTEM,
    Actor,
    MailTakenError,
    NotAPersonError,
    PermissionSet,
    Role,
    StaffNotFoundError,
    WeakPasswordError,
)
from tellonce.modules.staff.models import Partner, Person, Site, Team

THEMES = ("", "light", "dark")


class LastAdministratorError(ConflictError):
    """Without this person nobody could administer the product any more."""

    code = "last_administrator"


@dataclass(frozen=True, slots=True)
class PersonFields:
    """What an administrator may say of a person; team, site and partner by id."""

    email: str
    name: str
    role: str
    team_id: int | None = None
    site_id: int | None = None
    partner_id: int | None = None
    permission_sets: tuple[str, ...] = ()
    language: str = ""


def fields_of(person: Person) -> PersonFields:
    """The person as `change_person` takes them."""
    return PersonFields(
        email=person.email,
        name=person.name,
        role=person.role,
        team_id=person.team_id,
        site_id=person.site_id,
        partner_id=person.partner_id,
        permission_sets=tuple(person.permission_sets),
        language=person.language,
    )


@transaction.atomic
def add_person(
    *,
    email: str,
    name: str,
    role: str,
    at: datetime,
    password: str | None = None,
    team: Team | None = None,
    site: Site | None = None,
    partner: Partner | None = None,
    permission_sets: Sequence[str] = (),
    language: str = "",
    by: Actor = SYSTEM,
) -> Person:
    """A new person; without a password they come in by a link, a passkey or OpenID Connect."""
    fields = PersonFields(
        email=email,
        name=name,
        role=role,
        team_id=team.pk if team else None,
        site_id=site.pk if site else None,
        partner_id=partner.pk if partner else None,
        permission_sets=tuple(permission_sets),
        language=language,
    )
    person = Person(added_at=at)
    _put(person, fields)
    if password is None:
        person.set_unusable_password()
    else:
        _put_password(person, password)
    _save(person)
    note_change(what="added", about=person, by=by, at=at, after=_known(person))
    return person


@transaction.atomic
def change_person(*, person_id: int, fields: PersonFields, by: Actor, at: datetime) -> Person:
    """Puts `fields` in the place of what was known of the person."""
    person = _person_to_change(person_id)
    before = _known(person)
    if person.role == Role.ADMINISTRATOR and fields.role != Role.ADMINISTRATOR:
        _refuse_last_administrator(person)
    _put(person, fields)
    _save(person)
    if before["email"] != person.email:
        # allauth keeps addresses of its own; the old one must not open the door any more.
        EmailAddress.objects.filter(user_id=person.pk).delete()
    after = _known(person)
    if before != after:
        note_change(what="changed", about=person, by=by, at=at, before=before, after=after)
    return person


@transaction.atomic
def set_active(*, person_id: int, is_active: bool, by: Actor, at: datetime) -> Person:
    """Lets a person sign in, or no longer: then every session of theirs ends at once."""
    person = _person_to_change(person_id)
    if person.is_active == is_active:
        return person
    if not is_active and person.role == Role.ADMINISTRATOR:
        _refuse_last_administrator(person)
    person.is_active = is_active
    person.save(update_fields=["is_active"])
    if not is_active:
        end_sessions(person_id=person.pk)
    what = "let in" if is_active else "shut out"
    before, after = {"is_active": not is_active}, {"is_active": is_active}
    note_change(what=what, about=person, by=by, at=at, before=before, after=after)
    return person


@transaction.atomic
def set_password(*, person_id: int, password: str, by: Actor, at: datetime) -> Person:
    """A new password; every session of the person ends."""
    person = _person_to_change(person_id)
    _put_password(person, password)
    person.save(update_fields=["password"])
    end_sessions(person_id=person.pk)
    note_change(what="password set", about=person, by=by, at=at)
    return person


@transaction.atomic
def new_sign_in_key(*, person_id: int, by: Actor, at: datetime) -> str:
    """The key of a link by which the person chooses a password: works once, for three days."""
    person = _person_to_change(person_id)
    note_change(what="link made", about=person, by=by, at=at)
    return f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"


@transaction.atomic
def reset_second_factors(*, person_id: int, by: Actor, at: datetime) -> int:
    """Takes away codes, passkeys and recovery codes that are lost; returns how many there were."""
    person = _person_to_change(person_id)
    kinds = sorted(Authenticator.objects.filter(user_id=person.pk).values_list("type", flat=True))
    Authenticator.objects.filter(user_id=person.pk).delete()
    end_sessions(person_id=person.pk)
    note_change(what="second factors reset", about=person, by=by, at=at, before={"kinds": list(kinds)})
    return len(kinds)


@transaction.atomic
def change_own_settings(*, person_id: int, language: str, theme: str) -> Person:
    """What a person chooses for themselves: no audit, it concerns nobody else."""
    person = _person_to_change(person_id)
    if language not in {"", *(code for code, _name in settings.LANGUAGES)} or theme not in THEMES:
        raise NotAPersonError(gettext("Choose one of the languages and themes of the list."))
    person.language, person.theme = language, theme
    person.save(update_fields=["language", "theme"])
    return person


def _person_to_change(person_id: int) -> Person:
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise StaffNotFoundError(gettext("There is nobody on staff with the number {id}.").format(id=person_id))
    return person


def _put(person: Person, fields: PersonFields) -> None:
    email = fields.email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise NotAPersonError(
            gettext("“{email}” is not a mail address; use one like ana@example.net.").format(email=fields.email)
        ) from error
    if not fields.name.strip():
        raise NotAPersonError(gettext("Enter the person's name."))
    if fields.role not in Role.values:
        raise NotAPersonError(gettext("“{role}” is no role.").format(role=fields.role))
    if unknown := set(fields.permission_sets) - set(PermissionSet.values):
        raise NotAPersonError(gettext("“{names}” is no permission set.").format(names=", ".join(sorted(unknown))))
    person.email, person.name, person.role = email, fields.name.strip(), fields.role
    person.team_id, person.site_id, person.partner_id = fields.team_id, fields.site_id, fields.partner_id
    person.permission_sets, person.language = sorted(fields.permission_sets), fields.language


def _put_password(person: Person, password: str) -> None:
    try:
        validate_password(password, user=person)
    except ValidationError as error:
        raise WeakPasswordError(" ".join(error.messages)) from error
    person.set_password(password)


def _save(person: Person) -> None:
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        raise MailTakenError(
            gettext("Somebody on staff has the mail address {email} already.").format(email=person.email)
        ) from error


def _refuse_last_administrator(person: Person) -> None:
    others = Person.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=person.pk)
    if not list(others.values_list("pk", flat=True)[:1]):
        raise LastAdministratorError(
            gettext("{name} is the only administrator; make somebody else one first.").format(name=person.name)
        )


def _known(person: Person) -> dict[str, Json]:
    """The person for the audit: names, since what they name may be gone when somebody reads it."""
    return {
        "email": person.email,
        "name": person.name,
        "role": person.role,
        "team": str(person.team or ""),
        "site": str(person.site or ""),
        "partner": str(person.partner or ""),
        "permission_sets": ", ".join(person.permission_sets),
        "language": person.language,
    }
