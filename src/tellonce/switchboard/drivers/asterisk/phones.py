"""Whose phone can be rung: persons, their users, and what Asterisk tells of the endpoints of these."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tellonce.switchboard.drivers.driver import Phone
from tellonce.switchboard.drivers.told import PhonesChanged

log = logging.getLogger(__name__)

ONLINE = "online"
_USER = re.compile(r"[A-Za-z0-9_.\-]+")


class Phones:
    """Persons with a phone, and which of these are signed in at Asterisk."""

    def __init__(self, technology: str, tell: Callable[[PhonesChanged], None]) -> None:
        self._technology, self._tell = technology, tell
        self._users: dict[int, list[str]] = {}
        self._online: set[str] = set()
        self._told: frozenset[int] = frozenset()

    def set(self, phones: Sequence[Phone]) -> None:
        """These persons have these phones, and nobody else has one; a user that no endpoint can be named by is none."""
        self._users = {}
        for phone in phones:
            if _USER.fullmatch(phone.user):
                self._users.setdefault(phone.person, []).append(phone.user)
        for person in {phone.person for phone in phones} - self._users.keys():
            log.warning("asterisk.no_endpoint", extra={"person": person})
        self._changed()

    def user_of(self, person: int) -> str | None:
        """The user of the person's phone, None if they have none: of several, the first that is signed in."""
        users = self._users.get(person, [])
        return next((user for user in users if user in self._online), users[0] if users else None)

    def listed(self, endpoints: Iterable[Mapping[str, Any]]) -> None:
        """All endpoints there are, as `GET /endpoints` gives them."""
        self._online = {each["resource"] for each in endpoints if self._is_online(each)}
        self._changed()

    def changed(self, endpoint: Mapping[str, Any]) -> None:
        """One endpoint, as an event gives it."""
        if endpoint.get("technology") != self._technology:
            return
        (self._online.add if self._is_online(endpoint) else self._online.discard)(endpoint["resource"])
        self._changed()

    def all_lost(self) -> None:
        """Asterisk is out of reach: nobody can be rung."""
        self._online.clear()
        self._changed()

    def _is_online(self, endpoint: Mapping[str, Any]) -> bool:
        return endpoint.get("technology") == self._technology and endpoint.get("state") == ONLINE

    def _changed(self) -> None:
        persons = frozenset(person for person, users in self._users.items() if self._online.intersection(users))
        if persons != self._told:
            self._told = persons
            self._tell(PhonesChanged(persons))
