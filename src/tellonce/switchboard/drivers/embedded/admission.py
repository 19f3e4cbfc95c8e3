"""Who may register and who may call: what is answered to a request that belongs to no call yet."""

from dataclasses import dataclass, field
from ipaddress import ip_address

from tellonce.switchboard.drivers.embedded.digest import Doorkeeper, Verdict, ha1_of
from tellonce.switchboard.drivers.embedded.numbers import in_full
from tellonce.switchboard.drivers.embedded.registrar import MIN_S, Binding, Registrar, granted_s
from tellonce.switchboard.drivers.embedded.settings import GatewaySettings, Trunk
from tellonce.switchboard.drivers.embedded.throttle import Throttle


@dataclass(frozen=True, slots=True)
class Asked:
    """A request in plain words.

    Attributes:
        called: the user part of the request's address; of a REGISTER that of To.
        caller, name: of From.
        contacts: the addresses in Contact; "*" for all.
        expires_s: -1 if nothing was said.
        requires: extensions without which the caller does not want to talk.
    """

    method: str
    host: str
    port: int
    called: str
    caller: str = ""
    name: str = ""
    authorization: str = ""
    contacts: tuple[str, ...] = ()
    expires_s: int = -1
    requires: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered at once; `headers` by name, `why` for whoever reads the other side's log."""

    code: int
    reason: str
    headers: tuple[tuple[str, str], ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A call that may come in."""

    entry: str
    number: str
    name: str
    trunk: str


SILENCE = Reply(0, "")
"""No answer at all."""


@dataclass(slots=True)
class Admission:
    """The door. `now` is given with every request, in seconds since 1970."""

    settings: GatewaySettings
    doorkeeper: Doorkeeper
    registrar: Registrar
    throttle: Throttle = field(default_factory=Throttle)
    is_closing: bool = False

    def judge(self, asked: Asked, now: float) -> Reply | Incoming:
        """What becomes of a request."""
        if self.throttle.is_shut(asked.host, now) and not self._is_trusted(asked.host):
            return SILENCE
        match asked.method:
            case "REGISTER":  # who is not answered asks again in half a second; a wrong "no" would keep it away
                return self._register(asked, now) if self.registrar.knows_phones else SILENCE
            case "INVITE":
                return self._invite(asked, now)
            case "OPTIONS":
                is_ours = self._trunk(asked.host) or self.registrar.is_phone(asked.host, asked.port, now)
                return Reply(200, "OK") if is_ours else self._refused(asked, now, "Only phones and trunks are answered")
            case _:
                return self._refused(asked, now, "There is no such call", code=481, reason="Call Does Not Exist")

    def _register(self, asked: Asked, now: float) -> Reply:
        verdict = self.doorkeeper.judge(asked.authorization, "REGISTER", asked.host, now, self.registrar.ha1)
        if not verdict.user:
            return self._challenge(asked, now, verdict)
        if verdict.user != asked.called:
            return self._refused(asked, now, "A phone signs in for its own user")
        if asked.expires_s == 0:
            self.registrar.sign_out(verdict.user)
            return Reply(200, "OK")
        if 0 < asked.expires_s < MIN_S:
            return Reply(423, "Interval Too Brief", (("Min-Expires", str(MIN_S)),))
        if len(asked.contacts) > 1 or "*" in asked.contacts:
            return Reply(400, "Bad Request", why="One contact at a time")
        if asked.contacts:
            until = now + granted_s(asked.expires_s)
            self.registrar.sign_in(Binding(verdict.user, asked.contacts[0], asked.host, asked.port, until))
        binding = self.registrar.binding(verdict.user, now)
        told = (("Contact", f"<{binding.contact}>;expires={int(binding.until - now)}"),) if binding else ()
        return Reply(200, "OK", told)

    def _invite(self, asked: Asked, now: float) -> Reply | Incoming:
        trunk = self._trunk(asked.host)
        if trunk is None:
            return self._without_trunk(asked, now)
        if trunk.asks_password:
            ha1 = ha1_of(trunk.user, self.doorkeeper.realm, trunk.password)
            known = {trunk.user: ha1}.get
            verdict = self.doorkeeper.judge(asked.authorization, "INVITE", asked.host, now, known)
            if not verdict.user:
                return self._challenge(asked, now, verdict)
        entry = _entry(asked.called, trunk)
        if not entry:
            return Reply(404, "Not Found", why="This number is not answered here")
        return self._incoming(asked, entry, trunk.name, trunk.country)

    def _without_trunk(self, asked: Asked, now: float) -> Reply | Incoming:
        is_person = asked.caller in self.registrar.phones
        is_open = bool(self.settings.open_entries) and ip_address(asked.host).is_loopback and not is_person
        if is_open and asked.called in self.settings.open_entries:
            return self._incoming(asked, asked.called, "", "US")
        if is_person or self.registrar.is_phone(asked.host, asked.port, now):
            return self._refused(asked, now, "Calls are made by the switchboard, not from a phone")
        if is_open:
            return Reply(404, "Not Found", why="This number is not answered here")
        return self._refused(asked, now, "Only configured trunks may call here")

    def _incoming(self, asked: Asked, entry: str, trunk: str, country: str) -> Reply | Incoming:
        if asked.requires:
            return Reply(420, "Bad Extension", (("Unsupported", asked.requires),))
        if not asked.contacts:
            return Reply(400, "Bad Request", why="A call needs a contact")
        if self.is_closing:
            return Reply(503, "Service Unavailable", why="The switchboard is closing")
        is_withheld = asked.caller.lower() in {"", "anonymous", "restricted", "unavailable"}
        return Incoming(entry, "" if is_withheld else in_full(asked.caller, country), asked.name, trunk)

    def _is_trusted(self, host: str) -> bool:
        """A trunk that is known by its address alone stays open whatever else comes from there."""
        trunk = self._trunk(host)
        return trunk is not None and not trunk.asks_password

    def _trunk(self, host: str) -> Trunk | None:
        return next((trunk for trunk in self.settings.trunks if trunk.is_source(host)), None)

    def _challenge(self, asked: Asked, now: float, verdict: Verdict) -> Reply:
        if verdict.has_failed:
            self.throttle.failed(asked.host, now)
        return Reply(401, "Unauthorized", (("WWW-Authenticate", verdict.challenge),))

    def _refused(self, asked: Asked, now: float, why: str, *, code: int = 403, reason: str = "Forbidden") -> Reply:
        self.throttle.failed(asked.host, now)
        return Reply(code, reason, why=why)


def _entry(called: str, trunk: Trunk) -> str:
    """The entry that was called, as the switchboard names it; "" if none of this trunk."""
    if called in trunk.numbers:
        return called
    full = in_full(called, trunk.country)
    return next((each for each in trunk.numbers if full and in_full(each, trunk.country) == full), "")
