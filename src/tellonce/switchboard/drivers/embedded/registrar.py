"""Which phones are signed in, where they are, and for how long."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from tellonce.switchboard.drivers.driver import Phone

MIN_S, MAX_S, USUAL_S = 30, 3_600, 600
"""How long a phone may ask to stay signed in."""


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a phone is: `contact` is its own word for it, `host` and `port` where its request came from."""

    user: str
    contact: str
    host: str
    port: int
    until: float


@dataclass(slots=True)
class Registrar:
    """A person's phone is the first of theirs that is signed in, and of that the place where it was last.

    Times are seconds since 1970.

    Attributes:
        knows_phones: whether it was said who may sign in; until then nobody can be judged.
    """

    phones: dict[str, Phone] = field(default_factory=dict)
    knows_phones: bool = False
    _bindings: dict[str, Binding] = field(default_factory=dict)

    def set_phones(self, phones: Iterable[Phone]) -> None:
        """Who may sign in; a phone whose password changed, or that may no more, is signed out."""
        old, self.phones = self.phones, {phone.user: phone for phone in phones}
        self.knows_phones = True
        unchanged = {user for user, phone in self.phones.items() if old.get(user, phone) == phone}
        self._bindings = {user: each for user, each in self._bindings.items() if user in unchanged}

    def ha1(self, user: str) -> str | None:
        """What is kept of the user's password."""
        phone = self.phones.get(user)
        return phone.ha1 if phone else None

    def sign_in(self, binding: Binding) -> None:
        """From now on it is rung there."""
        self._bindings[binding.user] = binding

    def sign_out(self, user: str) -> None:
        """It is rung no more."""
        self._bindings.pop(user, None)

    def where(self, person: int, now: float) -> Binding | None:
        """Where the person's phone is rung."""
        for user, phone in self.phones.items():
            binding = self._bindings.get(user)
            if phone.person == person and binding and binding.until > now:
                return binding
        return None

    def binding(self, user: str, now: float) -> Binding | None:
        """Of this user, if signed in."""
        binding = self._bindings.get(user)
        return binding if binding and binding.until > now else None

    def is_phone(self, host: str, port: int, now: float) -> bool:
        """Whether a phone that is signed in sends from there."""
        return any((each.host, each.port) == (host, port) and each.until > now for each in self._bindings.values())

    def persons(self, now: float) -> frozenset[int]:
        """Whose phone can be rung."""
        return frozenset(
            self.phones[user].person
            for user, each in self._bindings.items()
            if each.until > now and user in self.phones
        )  # fmt: skip

    def as_json(self, now: float) -> list[dict[str, Any]]:
        """For a restart: phones sign in anew only when their time is nearly over."""
        return [asdict(each) for each in self._bindings.values() if each.until > now]

    def take_up(self, plain: list[dict[str, Any]]) -> None:
        """What `as_json` gave."""
        for each in plain:
            self.sign_in(Binding(**each))


def granted_s(asked_s: int) -> int:
    """For how long a phone that asks for so many seconds (below zero: it said nothing) stays signed in."""
    return USUAL_S if asked_s < 0 else min(asked_s, MAX_S)
