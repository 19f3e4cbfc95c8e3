"""Requests of ours, each sent again until it is answered; and the signing in of phones, which is made of them."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from tellonce.audio.messages import Message, proof, request

EXPIRES_S, RENEW_S = 60, 25.0
"""Renewed twice within the time for which a phone is signed in, so that one lost renewal is nothing."""

PAUSES_S = (0.5, 1.0, 2.0, 4.0)
_LONGEST_PAUSE_S = 15.0
OK, UNAUTHORIZED = 200, 401


class Asking:
    """`host` and `port` are our own, as the gateway knows us."""

    def __init__(self, gateway: tuple[str, int], send: Callable[[Message], None]) -> None:
        self.gateway, self._send = gateway, send
        self.host, self.port = "", 0
        self._waiting: dict[tuple[str, str], asyncio.Future[Message]] = {}

    def heard(self, answer: Message) -> None:
        """An answer came; what is not final is not waited for."""
        waiting = self._waiting.get((answer.branch, answer.get("cseq").rpartition(" ")[2]))
        if waiting is not None and not waiting.done() and answer.code >= OK:
            waiting.set_result(answer)

    async def ask(self, asked: Message) -> Message | None:
        """The answer; None if there is none within seven seconds or so."""
        key = (asked.branch, asked.method)
        waiting = self._waiting[key] = asyncio.get_running_loop().create_future()
        try:
            for pause in PAUSES_S:
                self._send(asked)
                with contextlib.suppress(TimeoutError):
                    return await asyncio.wait_for(asyncio.shield(waiting), pause)
            return None
        finally:
            del self._waiting[key]

    def via(self) -> str:
        """Of a new request."""
        return f"SIP/2.0/UDP {self.host}:{self.port};branch=z9hG4bK{secrets.token_hex(8)};rport"

    def contact(self, user: str) -> str:
        """Where a user is rung."""
        return f"sip:{user}@{self.host}:{self.port}"


@dataclass(slots=True, eq=False)
class SignIn:
    """A user of the gateway; `ha1` stands for the password."""

    user: str
    ha1: str
    task: asyncio.Task[None] | None = None
    is_in: asyncio.Event = field(default_factory=asyncio.Event)


class SignIns:
    """Who is signed in here, and kept so."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._all: dict[str, SignIn] = {}

    def sign_in(self, user: str, ha1: str) -> SignIn:
        """From now on the gateway rings the user here."""
        found = self._all.get(user)
        if found is not None and found.ha1 == ha1:
            return found
        if found is not None and found.task is not None:
            found.task.cancel()
        signed = self._all[user] = SignIn(user, ha1)
        signed.task = asyncio.create_task(self._stay_in(signed))
        return signed

    async def sign_out(self, user: str) -> None:
        """And no more."""
        found = self._all.pop(user, None)
        if found is not None and found.task is not None:
            found.task.cancel()
            await self._register(found, 0)

    def stop(self) -> None:
        """Renews nobody's; the gateway goes on ringing them here until their time is over."""
        for each in self._all.values():
            if each.task is not None:
                each.task.cancel()

    async def _stay_in(self, signed: SignIn) -> None:
        pause = 1.0
        while True:
            if await self._register(signed, EXPIRES_S):
                signed.is_in.set()
                pause = 1.0
                await asyncio.sleep(RENEW_S)
                continue
            signed.is_in.clear()
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    async def _register(self, signed: SignIn, expires_s: int) -> bool:
        """Whether the gateway took it; it asks for the password first, and anew when its question was too old."""
        at = "sip:{}:{}".format(*self._asking.gateway)
        who = f"<sip:{signed.user}@{self._asking.gateway[0]}>"
        same = (("from", f"{who};tag={secrets.token_hex(8)}"), ("to", who), ("call-id", secrets.token_hex(12)),
                ("contact", f"<{self._asking.contact(signed.user)}>"), ("expires", str(expires_s)))  # fmt: skip
        authorization = ""
        for sequence in (1, 2, 3):
            more = [("authorization", authorization)] if authorization else []
            headers = (*same, ("cseq", f"{sequence} REGISTER"), *more)
            said = await self._asking.ask(request("REGISTER", at, via=self._asking.via(), headers=headers))
            if said is None or said.code != UNAUTHORIZED:
                return said is not None and said.code == OK
            challenge = said.get("www-authenticate")
            if authorization and "stale=true" not in challenge:
                return False
            authorization = proof(challenge, user=signed.user, ha1=signed.ha1, method="REGISTER", address=at,
                                  cnonce=secrets.token_hex(8))  # fmt: skip
        return False
