"""The gateway process: SIP and sound in sippy's thread, orders and news over a socket in two others.

Run by `child.py` as `python -m tellonce.switchboard.drivers.embedded.gateway FD`, with settings as JSON on the
standard input. It ends with its socket.
"""

import json
import logging
import os
import resource
import secrets
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from sippy.Core.EventDispatcher import ED2
from sippy.Time.Timeout import Timeout

from tellonce.switchboard.drivers.driver import Phone
from tellonce.switchboard.drivers.embedded.admission import Admission, Incoming
from tellonce.switchboard.drivers.embedded.call import Around
from tellonce.switchboard.drivers.embedded.calls import Calls
from tellonce.switchboard.drivers.embedded.digest import Doorkeeper, Nonces
from tellonce.switchboard.drivers.embedded.guarding import Mishaps
from tellonce.switchboard.drivers.embedded.legs import Place, SipLeg
from tellonce.switchboard.drivers.embedded.lines import PhoneLines
from tellonce.switchboard.drivers.embedded.media import Relay
from tellonce.switchboard.drivers.embedded.registrar import Registrar
from tellonce.switchboard.drivers.embedded.settings import GatewaySettings
from tellonce.switchboard.drivers.embedded.silence import EVERY_S, Silence
from tellonce.switchboard.drivers.embedded.stack import NoLog, Stack
from tellonce.switchboard.drivers.embedded.talking import Talking
from tellonce.switchboard.drivers.embedded.tape import Tape
from tellonce.switchboard.drivers.embedded.wire import line, told_line
from tellonce.switchboard.drivers.told import PhonesChanged, Told

READY_TRIES = 50
LOOK_S, FAREWELL_TRIES = 0.05, 12
"""How often, and how many times, we look whether all BYEs were answered, before we leave anyway."""

log = logging.getLogger("tellonce.gateway")


class Gateway:
    """Everything here runs in sippy's thread but `_order` and `_gone`."""

    def __init__(self, settings: GatewaySettings, realm: str, talking: Talking) -> None:
        self._settings, self._mishaps = settings, Mishaps()
        self._mishaps.listen_to_sippy()
        self._talking = talking
        self._legs: dict[str, SipLeg] = {}
        self._persons: frozenset[int] = frozenset()
        self._saved = ""
        self._phones_file = Path(settings.folder) / "phones.json"
        self._registrar = Registrar()
        doorkeeper = Doorkeeper(realm, Nonces(secrets.token_bytes(32)))
        self._admission = Admission(settings, doorkeeper, self._registrar)
        self._world: dict[str, Any] = {
            "_sip_address": settings.address, "_sip_port": settings.port, "_sip_logger": NoLog(),
        }  # fmt: skip
        self._stack = Stack(self._world, self._admission, self._comes, self._mishaps)
        self._stack.told_of_phones = self._look_at_phones
        self._world.update(_sip_tm=self._stack, _sip_port=self._stack.port)
        self._relay = Relay(settings, self._world, self._mishaps.guard(self._pressed))
        self._place = Place(
            self._world, self._relay, self._mishaps, settings.address, self._stack.port, self._ended,
        )  # fmt: skip
        lines = PhoneLines(settings, self._registrar, self._new_leg)
        around = Around(self._tell, self._taped, begun=partial(self._say, "begun"), over=partial(self._say, "over"))
        self._calls = Calls(lines, around, self._later, f"{settings.folder}/prompts/music")
        self._silence = Silence(settings.silent_s)

    def start(self) -> None:
        """Tells `ready` as soon as there is sound."""
        self._take_up_phones()
        self._talking.listen(self._order, self._gone)
        self._wait_for_sound(READY_TRIES)
        self._every(1.0, self._look_at_phones)
        self._every(
            min(EVERY_S, self._settings.silent_s / 4),
            lambda: self._silence.look(set(self._legs.values()), time.monotonic()),
        )

    def _take_up_phones(self) -> None:
        """Where phones were; if that cannot be read, they sign in again in their time."""
        try:
            self._registrar.take_up(json.loads(self._phones_file.read_text()))
        except FileNotFoundError:
            pass
        except (ValueError, TypeError):
            log.warning("phones.json cannot be read: phones are rung once they have signed in anew")

    def _wait_for_sound(self, tries: int) -> None:
        if self._relay.is_ready:
            self._talking.say(line("told", "ready", port=self._stack.port))
        elif tries:
            self._later(0.1, lambda: self._wait_for_sound(tries - 1))
        else:
            self._talking.say(line("told", "failed", text="The media relay (rtp.io) does not start."))

    def _every(self, seconds: float, act: Any) -> None:
        Timeout(self._mishaps.guard(act), seconds, -1)

    def _later(self, seconds: float, act: Any) -> None:
        Timeout(self._mishaps.guard(act), seconds)

    def _tell(self, told: Told) -> None:
        self._talking.say(told_line(told))

    def _say(self, what: str, call: str) -> None:
        self._talking.say(line("told", what, call=call))

    def _taped(self, tape: Tape, *, is_over: bool) -> None:
        self._talking.say(line("told", "tape", call=tape.call, name=tape.name, pieces=tape.pieces, is_over=is_over))

    def _new_leg(self, codec: int) -> SipLeg:
        leg = SipLeg(self._place, codec)
        self._legs[leg.media.name] = leg
        return leg

    def _ended(self, leg: SipLeg) -> None:
        self._legs.pop(leg.media.name, None)

    def _pressed(self, name: str, key: str) -> None:
        leg = self._legs.get(name)
        if leg is not None:
            leg.pressed(key)

    def _comes(self, request: Any, transaction: Any, incoming: Incoming) -> Any:
        def came(leg: SipLeg) -> None:
            leg.side = self._calls.came(
                secrets.token_hex(8), leg, entry=incoming.entry, number=incoming.number, name=incoming.name
            )

        return self._new_leg(0).take(request, transaction, came)

    def _look_at_phones(self) -> None:
        """Tells when the phones that can be rung have changed, and keeps where they are for a restart."""
        now = time.time()
        persons = self._registrar.persons(now)
        if persons != self._persons:
            self._persons = persons
            self._tell(PhonesChanged(persons))
        kept = json.dumps(self._registrar.as_json(now))
        if kept != self._saved:
            self._saved = kept
            fresh = self._phones_file.with_suffix(".new")
            fresh.write_text(kept)
            fresh.replace(self._phones_file)

    # Orders

    def _order(self, order: dict[str, Any]) -> None:
        """In the reading thread."""
        ED2.callFromThread(self._mishaps.guard(self._do), order)

    def _gone(self) -> None:
        """In the reading thread: the switchboard is gone, and so are we."""
        ED2.callFromThread(self._mishaps.guard(self._finish))

    def _do(self, order: dict[str, Any]) -> None:
        what = order.pop("do")
        match what:
            case "ping":
                self._talking.say(line("told", "pong", mishaps=self._mishaps.total, legs=len(self._legs)))
            case "phones":
                self._registrar.set_phones(Phone(**each) for each in order["phones"])
                self._look_at_phones()
            case "stop":
                self._finish()
            case _:
                self._ordered(what, order)

    def _ordered(self, what: str, order: dict[str, Any]) -> None:
        """One of the calls' own: the words are the names of what `Calls` can do."""
        getattr(self._calls, what)(order.pop("call"), **order)

    def _finish(self) -> None:
        self._admission.is_closing = True
        self._calls.end_all()
        self._leave(FAREWELL_TRIES)

    def _leave(self, tries: int) -> None:
        """Once whoever was hung up knows it."""
        if self._stack.is_waiting and tries:
            self._later(LOOK_S, lambda: self._leave(tries - 1))
            return
        self._talking.finish()
        ED2.breakLoop()


def _open_files() -> None:
    """As many as we may: a phone that is up takes five, and the usual limit is for a hundred calls."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main() -> None:
    """Starts with the settings on the standard input, and runs until the socket closes."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s", stream=sys.stderr)
    _open_files()
    talking = Talking(int(sys.argv[1]))
    plain = json.load(sys.stdin)
    realm = plain.pop("realm")
    sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - for as long as the process lives: sippy prints what it is sent
    settings = GatewaySettings.from_json(plain)
    try:
        gateway = Gateway(settings, realm, talking)
    except OSError as error:
        text = f"The phone gateway cannot use {settings.address}:{settings.port} ({error.strerror}): is it taken?"
        talking.say(line("told", "failed", text=text))
        talking.finish()
        os._exit(1)
    gateway.start()
    ED2.loop()
    os._exit(0)  # threads of rtp.io need not be waited for: nobody talks any more


if __name__ == "__main__":
    main()
