"""Keys are made, used and ended."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from tellonce.modules.staff.contracts import Actor
from tellonce.openapi.contracts import BadKeyError, KeyNotFoundError, Scope, TooManyRequestsError, UnknownKeyError
from tellonce.openapi.models import ApiKey

_MARK = "tlo"
_WINDOW = timedelta(minutes=1)
_MOST_A_MINUTE = 100_000

# One statement, so that two processes cannot both take the last request of a minute.
_USE = """
UPDATE openapi_apikey SET last_used_at = %(at)s,
  window_began_at = CASE WHEN window_began_at > %(since)s THEN window_began_at ELSE %(at)s END,
  used_in_window = CASE WHEN window_began_at > %(since)s THEN LEAST(used_in_window + 1, 2000000) ELSE 1 END
WHERE id = %(id)s RETURNING used_in_window
"""


def add_key(
    *, name: str, scopes: Sequence[str], by: Actor, at: datetime, source: str = "", per_minute: int = 600
) -> tuple[ApiKey, str]:
    """A new key and its text, which is shown this once; `source` names the system that it stands for."""
    name, source = name.strip(), (source or name).strip()
    unknown = sorted(set(scopes) - set(Scope.values))
    if not name or not scopes or unknown or not 0 < per_minute <= _MOST_A_MINUTE:
        raise BadKeyError(
            _("A key needs a name and at least one of: %(scopes)s.") % {"scopes": ", ".join(Scope.values)}
        )
    prefix, secret = secrets.token_hex(5), secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            key = ApiKey.objects.create(
                name=name[:100],
                source=source[:60],
                prefix=prefix,
                digest=_digest(secret),
                scopes=sorted(set(scopes)),
                per_minute=per_minute,
                made_at=at,
                made_by_name=by.name,
            )
    except IntegrityError as error:
        raise BadKeyError(_("There is a key named “%(name)s” already.") % {"name": name}) from error
    return key, f"{_MARK}_{prefix}_{secret}"


def end_key(*, key_id: int, by: Actor, at: datetime) -> None:
    """Ends a key at once; an ended one stays in the list."""
    if not ApiKey.objects.filter(pk=key_id, ended_at=None).update(ended_at=at, ended_by_name=by.name):
        raise KeyNotFoundError(_("There is no such key, or it has ended."))


def use_key(text: str, *, at: datetime) -> ApiKey:
    """The key with this text, counted as used; UnknownKeyError or TooManyRequestsError."""
    mark, _sep, rest = text.partition("_")
    prefix, _sep, secret = rest.partition("_")
    key = ApiKey.objects.filter(prefix=prefix, ended_at=None).first() if mark == _MARK and secret else None
    if key is None or not hmac.compare_digest(key.digest, _digest(secret)):
        raise UnknownKeyError(_("This needs a key: Authorization: Bearer tlo_…"))
    with connection.cursor() as cursor:
        cursor.execute(_USE, {"id": key.pk, "at": at, "since": at - _WINDOW})
        row = cursor.fetchone()
    if row and row[0] > key.per_minute:
        raise TooManyRequestsError(_("This key may ask %(number)d times a minute.") % {"number": key.per_minute})
    return key


def _digest(secret: str) -> str:
    """A plain digest is enough for 256 random bits: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()
