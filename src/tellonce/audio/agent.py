"""The SIP side of all phones of this process: one UDP socket, which answers nobody but the gateway."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from tellonce.audio.asking import OK, PAUSES_S, Asking, SignIns
from tellonce.audio.calls import Call, Stage, call_of
from tellonce.audio.messages import Message, answer_to, parameter, read, request
from tellonce.switchboard.drivers.embedded import sdp

log = logging.getLogger(__name__)

_REPEATS_S = (*PAUSES_S, *[PAUSES_S[-1]] * 5)
_REMEMBERED_S = 32.0
"""Copies of an INVITE may come for so long."""

_LOST = 'SIP;cause=503;text="the phone is gone"'
"""A reason (RFC 3326) that tells the gateway: nobody has hung up."""

_ALLOWED = (("allow", "INVITE, ACK, CANCEL, BYE, OPTIONS"),)


@dataclass(frozen=True, slots=True)
class Told:
    """What the agent tells: that it rings (is somebody there?), that a call is over, that calls have changed.

    `refused` that a call's sound is none that we know.
    """

    rings: Callable[[Call], bool]
    over: Callable[[Call], None]
    changed: Callable[[], None]
    refused: Callable[[], None] = lambda: None


class Agent(asyncio.DatagramProtocol):
    """Calls by the id that the gateway gave them."""

    def __init__(self, gateway: tuple[str, int], told: Told) -> None:
        self._told = told
        self._asking = Asking(gateway, self._send)
        self.sign_ins = SignIns(self._asking)
        self.calls: dict[str, Call] = {}
        self._invites: dict[str, Message] = {}
        self._said: dict[str, Message] = {}  # our last answer to the INVITE of a call
        self._repeating: dict[str, asyncio.Task[None]] = {}
        self._farewells: set[asyncio.Task[Message | None]] = set()

    # -- the socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)
        self._asking.host, self._asking.port = transport.get_extra_info("sockname")[:2]

    @property
    def host(self) -> str:
        """Our address, as the gateway knows it."""
        return self._asking.host

    @property
    def port(self) -> int:
        """Where the gateway rings us."""
        return self._asking.port

    def error_received(self, exc: Exception) -> None:
        """A gateway that is being started anew is not there for a moment: we ask again."""

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        message = read(data) if addr[:2] == self._asking.gateway else None
        if message is None:
            return
        if message.code:
            self._asking.heard(message)
            return
        try:
            self._asked(message)
        except Exception:
            log.exception("audio.request_failed")

    def _send(self, message: Message) -> None:
        self._transport.sendto(message.as_bytes, self._asking.gateway)

    async def close(self) -> None:
        """Calls that are up stay so: the next process takes them up, and until then the gateway rings in vain."""
        self.sign_ins.stop()
        if self._farewells:
            await asyncio.wait(self._farewells, timeout=1.0)
        for task in self._repeating.values():
            task.cancel()
        self._transport.close()

    # -- what the gateway asks

    def _asked(self, message: Message) -> None:
        match message.method:
            case "INVITE":
                self._invited(message)
            case "ACK":
                self._stop_repeating(message.get("call-id"))
            case "CANCEL":
                self._cancelled(message)
            case "BYE":
                self._ended(message)
            case "OPTIONS":
                self._send(answer_to(message, OK, "OK"))
            case _:
                self._send(answer_to(message, 405, "Method Not Allowed", more=_ALLOWED))

    def _invited(self, message: Message) -> None:
        call_id = message.get("call-id")
        if call_id in self._said:  # once more: our answer was lost
            self._send(self._said[call_id])
            return
        tag = secrets.token_hex(8)
        if parameter(message.get("to"), "tag"):
            self._send(answer_to(message, 481, "Call Does Not Exist"))
            return
        try:
            call = call_of(message, tag)
        except sdp.SdpError as error:
            why = (("warning", f'399 tellonce "{error}"'),)
            self._told.refused()
            self._send(answer_to(message, 488, "Not Acceptable Here", more=why, tag=tag))
            return
        if not self._told.rings(call):
            self._send(answer_to(message, 480, "Temporarily Unavailable", tag=tag))
            return
        self.calls[call_id], self._invites[call_id] = call, message
        self._say(call, 180, "Ringing")

    def _say(self, call: Call, code: int, reason: str, *, body: str = "") -> None:
        """To the INVITE of the call."""
        more = [("contact", f"<{self._asking.contact(call.user)}>")]
        more += [("content-type", "application/sdp")] if body else []
        tag = parameter(call.ours, "tag")
        said = answer_to(self._invites[call.call_id], code, reason, tag=tag, more=more, body=body)
        self._said[call.call_id] = said
        self._send(said)

    def _cancelled(self, message: Message) -> None:
        self._send(answer_to(message, OK, "OK"))
        call = self.calls.get(message.get("call-id"))
        if call is not None and call.stage is Stage.RINGING:
            self._say(call, 487, "Request Terminated")
            self._over(call)

    def _ended(self, message: Message) -> None:
        call = self.calls.get(message.get("call-id"))
        if call is None:
            self._send(answer_to(message, 481, "Call Does Not Exist"))
            return
        self._send(answer_to(message, OK, "OK"))
        self._over(call)

    def _over(self, call: Call) -> None:
        call.stage = Stage.OVER
        self.calls.pop(call.call_id, None)
        self._stop_repeating(call.call_id)
        asyncio.get_running_loop().call_later(_REMEMBERED_S, self._forget, call.call_id)
        self._told.over(call)
        self._told.changed()

    def _forget(self, call_id: str) -> None:
        self._said.pop(call_id, None)
        self._invites.pop(call_id, None)

    # -- what the person does

    def answer(self, call: Call) -> None:
        """Picks up; `call.media_port` is where we hear the gateway from now on."""
        if call.stage is not Stage.RINGING:
            return
        call.stage = Stage.UP
        sound = sdp.read(self._invites[call.call_id].body)
        self._say(call, OK, "OK", body=sdp.answer(sound, self.host, call.media_port, call.codec))
        self._repeating[call.call_id] = asyncio.create_task(self._repeat(call.call_id))
        self._told.changed()

    async def _repeat(self, call_id: str) -> None:
        """Until it is acknowledged."""
        for pause in _REPEATS_S:
            await asyncio.sleep(pause)
            self._send(self._said[call_id])

    def _stop_repeating(self, call_id: str) -> None:
        task = self._repeating.pop(call_id, None)
        if task is not None:
            task.cancel()

    def lose(self, call: Call) -> None:
        """The person's browser is gone: whoever was on the line goes back to the queue."""
        if call.stage is Stage.RINGING:
            self._say(call, 480, "Temporarily Unavailable")
        elif call.stage is Stage.UP:
            task = asyncio.create_task(self._asking.ask(self._within(call, "BYE", ("reason", _LOST))))
            self._farewells.add(task)
            task.add_done_callback(self._farewells.discard)
        self._over(call)

    def take_up(self, call: Call) -> None:
        """A call that was up when the process before this one ended."""
        self.calls[call.call_id] = call

    async def check(self, call: Call) -> None:
        """Whether the gateway still has it, which may have been started anew meanwhile as well."""
        said = await self._asking.ask(self._within(call, "OPTIONS"))
        if (said is None or said.code != OK) and call.stage is Stage.UP:
            self._over(call)

    def _within(self, call: Call, method: str, *more: tuple[str, str]) -> Message:
        call.sequence += 1
        headers = (("from", call.ours), ("to", call.theirs), ("call-id", call.call_id),
                   ("cseq", f"{call.sequence} {method}"), *more)  # fmt: skip
        return request(method, call.target, via=self._asking.via(), headers=headers)
