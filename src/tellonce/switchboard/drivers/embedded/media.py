"""Sound through rtp.io. Each phone has a session of its own, with an outer side towards the phone and an inner one.

Who hears whom is a matter of where inner sides send: to each other's ports, or into a sink that nobody reads. So a
person is taken from one call to another without a word to the phones.
"""

import contextlib
import secrets
import socket
import threading
from collections.abc import Callable
from typing import Any

from sippy.Core.EventDispatcher import ED2
from sippy.Rtp_proxy.client import Rtp_proxy_client
from sippy.Rtp_proxy.Cmd.sequencer import Rtp_proxy_cmd_sequencer

from tellonce.switchboard.drivers.embedded.sdp import Sound
from tellonce.switchboard.drivers.embedded.settings import GatewaySettings

FORGET_S = 24 * 3_600
"""When rtp.io gives up a session without packets; we notice earlier, and spare who has put us on hold."""

_CATCH_KEYS = "M3:1"
_NOBODY = "0.0.0.0 0"

Done = Callable[[str | None], None]
"""Is given rtp.io's answer; None or E… where it could not be done."""


class Relay:
    """rtp.io, in threads of this process."""

    def __init__(self, settings: GatewaySettings, world: dict[str, Any], pressed: Callable[[str, str], None]) -> None:
        low, high = settings.media_ports
        pieces = f"{settings.folder}/pieces"  # also while they are written: left to itself rtp.io does that in /tmp
        options = ["-F", "-l", settings.address, "-m", low, "-M", high, "-R", "-r", pieces, "-S", pieces]
        options += ["-T", FORGET_S, "-W", FORGET_S, "-d", "crit", "modules=catch_dtmf"]
        self._pressed, self.notices = pressed, ""
        path = "rtp.io:" + ";".join(str(each) for each in options)
        self._client = Rtp_proxy_client(world, spath=path, nsetup_f=self._listen)
        self._sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sink.bind((settings.address, 0))
        self.sink = "{} {}".format(*self._sink.getsockname())
        self.address = settings.address

    @property
    def is_ready(self) -> bool:
        """Whether sessions can be made."""
        return bool(self._client.online)

    def queue(self) -> Any:
        """Sends the commands of one session, one after the other."""
        return Rtp_proxy_cmd_sequencer(self._client)

    def _listen(self, notices: socket.socket, spec: str | bytes) -> None:
        self.notices = spec.decode() if isinstance(spec, bytes) else spec
        threading.Thread(target=self._hear, args=(notices,), daemon=True).start()

    def _hear(self, notices: socket.socket) -> None:
        """Notices are lines: the name of a session and a key, with how loud and how long."""
        rest = b""
        with contextlib.suppress(OSError):
            while heard := notices.recv(4_096):
                *lines, rest = (rest + heard).split(b"\n")
                for words in (line.decode("ascii", "replace").split() for line in lines):
                    if len(words) > 1:
                        ED2.callFromThread(self._pressed, words[0], words[1])


class Media:
    """The sound of one phone. `port` is where it is to send."""

    def __init__(self, relay: Relay) -> None:
        self.name = secrets.token_hex(8)
        self.port = self._inner_port = self._codec = 0
        self._relay, self._queue = relay, relay.queue()
        self._towards: Media | None = None

    def open(self, ready: Callable[[bool], None]) -> None:
        """Takes ports; `ready` is told whether there were any."""

        def inner(result: str | None) -> None:
            self._inner_port = _port(result)

        def outer(result: str | None) -> None:
            self.port = _port(result)
            ready(bool(self.port and self._inner_port))

        self._do(f"U {self._session} {_NOBODY} {self._out}", inner)
        self._do(f"UA {self._session} {self._relay.sink} {self._in} {self._out}", outer)

    def face(self, sound: Sound, codec: int) -> None:
        """Sends to where the phone wants to hear, and notices its keys."""
        self._codec = codec
        keys = f" && {_CATCH_KEYS} {self.name} {sound.keys_type}" if sound.keys_type else ""
        tags = f"{self._out} {self._in} {self._relay.notices} {self.name}"
        self._do(f"U {self._session} {sound.address} {sound.port} {tags}{keys}")

    def speak_to(self, other: "Media | None") -> None:
        """What comes from the phone goes to the other, or to nobody."""
        self._towards = other
        where = f"{self._relay.address} {other._inner_port}" if other is not None else self._relay.sink  # noqa: SLF001 - its own kind
        self._do(f"UA {self._session} {where} {self._in} {self._out}")

    def speaks_to(self, other: "Media") -> bool:
        return self._towards is other

    def play(self, path: str, *, is_endless: bool) -> None:
        """In place of whatever the phone would hear."""
        self.stop_playing()
        self._do(f"P{-1 if is_endless else 1} {self._session} {path} {self._codec} {self._out} {self._in}")

    def stop_playing(self) -> None:
        self._do(f"S {self._session} {self._out} {self._in}")

    def record(self, name: str) -> None:
        """Keeps what comes from the phone, "" for no more."""
        tags = f"{self._out} {self._in}"
        self._do(f"C {self._session} {name} {tags}" if name else f"N {self._session} {tags}")

    def count(self, told: Callable[[int], None]) -> None:
        """How many packets came from the phone so far; -1 if the session is gone."""

        def read(result: str | None) -> None:
            words = (result or "").split()
            told(int(words[1]) if len(words) > 1 else -1)

        self._do(f"Q {self._session} {self._out} {self._in}", read)

    def close(self) -> None:
        """Gives the ports back; nothing can be done afterwards."""
        self._do(f"D {self._session} {self._out} {self._in}")
        self._queue.delete()

    def _do(self, command: str, done: Done | None = None) -> None:
        self._queue.send_command(command, done)

    @property
    def _session(self) -> str:
        return f"{self.name}-0"

    @property
    def _out(self) -> str:
        return f"o{self.name}"

    @property
    def _in(self) -> str:
        return f"i{self.name}"


def _port(result: str | None) -> int:
    word = (result or "").partition(" ")[0]
    return int(word) if word.isdecimal() else 0
