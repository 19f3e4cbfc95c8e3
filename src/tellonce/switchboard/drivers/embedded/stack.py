"""Sippy's transaction layer, with a door: what belongs to no call is judged before anything is made of it."""

import socket
import time
from collections.abc import Callable
from typing import Any

from sippy.SipConf import SipConf
from sippy.SipTransactionManager import SipTransactionManager
from sippy.Udp_server import Udp_server, Udp_server_opts

from tellonce.switchboard.drivers.embedded.admission import SILENCE, Admission, Incoming, Reply
from tellonce.switchboard.drivers.embedded.dialogs import use_udp
from tellonce.switchboard.drivers.embedded.guarding import Mishaps
from tellonce.switchboard.drivers.embedded.requests import plain, reply_to

Comes = Callable[[Any, Any, Incoming], Any]
"""Is given a request, its transaction and who it is; gives what sippy wants."""

_LONGEST = 16_384


class NoLog:
    """Sippy writes every message to its log; ours holds no numbers and no names."""

    def write(self, *_args: Any, **_more: Any) -> None: ...

    def reopen(self, *_args: Any) -> None: ...

    def shutdown(self) -> None: ...


class OneAfterTheOther(Udp_server_opts):
    """One thread reads: with sippy's three, a CANCEL may be read before its INVITE."""

    nworkers = 1


class Wire(Udp_server):
    """Sends at once where that needs no looking up of names: sippy's senders let a 200 overtake its 180."""

    def send_to(self, data: Any, address: Any, delayed: bool = False) -> None:
        raw = data if isinstance(data, bytes) else data.encode()
        try:
            socket.inet_pton(socket.AF_INET, address[0])
            self.skt.sendto(raw, socket.MSG_DONTWAIT, address)
        except OSError:
            super().send_to(raw, address, delayed)


class Stack(SipTransactionManager):
    """Never raises; what cannot be read is answered 400 by sippy where it can be, or not at all."""

    model_udp_server = (Wire, OneAfterTheOther)

    def __init__(self, world: dict[str, Any], admission: Admission, comes: Comes, mishaps: Mishaps) -> None:
        SipConf.my_uaname, SipConf.autoconvert_tel_url = "Tellonce", True
        SipConf.my_address, SipConf.my_port = world["_sip_address"], world["_sip_port"]
        super().__init__(world, self._request)
        self._admission, self._comes, self._mishaps = admission, comes, mishaps
        self.told_of_phones: Callable[[], None] = lambda: None

    @property
    def port(self) -> int:
        """That it listens on."""
        (server,) = self.l4r.cache_l2s.values()
        return int(server.uopts.laddress[1])

    def handleIncoming(self, data_in: Any, ra: Any, server: Any, rtime: Any) -> None:  # noqa: N802 - sippy's name
        try:
            if len(data_in) <= _LONGEST:
                super().handleIncoming(data_in, ra, server, rtime)
        except Exception:  # noqa: BLE001 - whatever strangers send must not end the process
            self._mishaps.note()

    def _request(self, request: Any, transaction: Any) -> Any:
        """A request outside of any call."""
        try:
            return self._judged(request, transaction)
        except Exception:  # noqa: BLE001 - as above; here there is somebody to answer
            self._mishaps.note()
            self._admission.throttle.failed(request.getSource()[0], time.time())
            return request.genResponse(400, "Bad Request"), None, None

    def _judged(self, request: Any, transaction: Any) -> Any:
        if request.sipver != "SIP/2.0":
            return None
        if request.getHFBody("to").getTag() is not None:
            return self._answer(request, Reply(481, "Call Does Not Exist"))
        found = self._admission.judge(plain(request), time.time())
        if request.getMethod() == "REGISTER":
            self.told_of_phones()
        if isinstance(found, Reply):
            return self._answer(request, found)
        use_udp(request)
        return self._comes(request, transaction, found)

    @staticmethod
    def _answer(request: Any, reply: Reply) -> Any:
        return None if reply == SILENCE else (reply_to(request, reply), None, None)
