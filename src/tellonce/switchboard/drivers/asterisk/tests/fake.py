"""A fake Asterisk: REST and events over real sockets, with channels and bridges that behave as the real one's do.

What the transcript shows is answered in its shapes (test_fake.py holds both against each other). What it does not show
(keys, snoops, endpoints, live and stored recordings, information) follows Asterisk's own models and source.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, encode_basic_auth, web

from tellonce.switchboard.drivers.asterisk.tests.things import (
    APP,
    ASTERISK,
    Bridge,
    Channel,
    Json,
    Live,
    Playback,
    new_id,
    now,
)

USER, PASSWORD = "tellonce", "secret"
NAMES = {16: "Normal Clearing", 17: "User busy", 19: "No answer from user", 21: "Call Rejected"}


@dataclass
class Fault:
    method: str
    part: str
    status: int
    times: int
    after: bool = False


class FakeAsterisk:
    """State, and the hands of those at its phones."""

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self.bridges: dict[str, Bridge] = {}
        self.playbacks: dict[str, Playback] = {}
        self.live: dict[str, Live] = {}
        self.stored: dict[str, bytes] = {}
        self.spoken: dict[str, bytes] = {}
        self.endpoints: dict[str, str] = {}
        self.subscribed: set[str] = set()
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.events: list[Json] = []
        self.faults: list[Fault] = []
        self.refused: dict[str, str] = {}
        self.version, self.startup = "22.1.0", "2026-11-22T03:00:00.000+0000"
        self.slow_s = 0.0
        self.late_s = 0.0  # between what is done and the answer
        self.sockets: set[web.WebSocketResponse] = set()
        self.takes_sockets = True

    # Events

    def send(self, kind: str, **told: Any) -> None:
        event = {"type": kind, "timestamp": now(), **told, "asterisk_id": ASTERISK, "application": APP}
        self.events.append(event)
        for socket in self.sockets:
            task = asyncio.ensure_future(socket.send_json(event))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())

    def about(self, kind: str, channel: Channel, **told: Any) -> None:
        self.send(kind, **told, channel=channel.json())

    async def drop_sockets(self) -> None:
        """The stream of events breaks; nothing else does."""
        self.takes_sockets = False
        for socket in list(self.sockets):
            await socket.close()
        self.sockets.clear()

    def restart(self) -> None:
        """Asterisk is started anew: no call is left."""
        self.startup = now()
        self.channels.clear()
        self.bridges.clear()
        self.playbacks.clear()
        self.live.clear()

    # Hands

    def call(self, exten: str, number: str, *, name: str = "", args: tuple[str, ...] = ("inbound",)) -> str:
        channel = Channel(new_id(), "PJSIP/trunk-00000004", number=number, caller_name=name, exten=exten)
        self.channels[channel.id] = channel
        self.enter(channel, list(args))
        return channel.id

    def enter(self, channel: Channel, args: list[str]) -> None:
        channel.app_name, channel.app_data, channel.args = "Stasis", ",".join([APP, *args]), args
        channel.is_in_app = True
        self.about("StasisStart", channel, args=args)

    def set_state(self, channel: Channel, state: str) -> None:
        channel.state = state
        self.about("ChannelStateChange", channel)

    def dial_event(self, channel: Channel, status: str) -> None:
        dialled = channel.endpoint.partition("/")[2]
        self.send("Dial", dialstatus=status, forward="", dialstring=dialled, peer=channel.json())

    def pick_up(self, channel: str) -> None:
        picked_up = self.channels[channel]
        self.set_state(picked_up, "Up")
        self.dial_event(picked_up, "ANSWER")
        self.enter(picked_up, picked_up.args)

    def fail(self, channel: str, *, cause: int, status: str) -> None:
        """A phone that was rung is not picked up."""
        self.dial_event(self.channels[channel], status)
        self.destroy(self.channels[channel], cause)

    def hang_up(self, channel: str, *, cause: int = 0) -> None:
        """Somebody at a phone hangs up; with a cause Asterisk does, whose request has a flag in the place of it."""
        ending = self.channels[channel]
        self.about("ChannelHangupRequest", ending, **({"cause": 1, "soft": True} if cause else {}))
        self.destroy(ending, cause or 16)

    def destroy(self, channel: Channel, cause: int) -> None:
        for playback in list(channel.playing):
            self.finish(playback)
        self.leave(channel)
        for name in [each.name for each in self.live.values() if each.target == f"channel:{channel.id}"]:
            self.store(name)
        if channel.is_in_app:
            channel.is_in_app = False
            self.about("StasisEnd", channel)
        self.channels.pop(channel.id, None)
        if channel.is_originated or f"channel:{channel.id}" in self.subscribed:
            self.about("ChannelDestroyed", channel, cause=cause, cause_txt=NAMES.get(cause, "Unknown"))
        for snoop in [each for each in self.channels.values() if each.snoops_on == channel.id]:
            self.destroy(snoop, 16)

    def go_on(self, channel: str) -> None:
        """The dial plan does something else with a channel: it is ours no more, and lives."""
        self.channels[channel].is_in_app = False
        self.about("StasisEnd", self.channels[channel])

    def press(self, channel: str, key: str) -> None:
        self.about("ChannelDtmfReceived", self.channels[channel], digit=key, duration_ms=100)

    def finish(self, playback: str) -> None:
        """A prompt has been played to its end."""
        done = self.playbacks.pop(playback)
        done.state = "done"
        channel = self.channels[done.channel]
        channel.playing.remove(playback)
        self.send("PlaybackFinished", playback=done.json())
        if channel.playing:
            self.begin(self.playbacks[channel.playing[0]])

    def begin(self, playback: Playback) -> None:
        playback.state = "playing"
        self.send("PlaybackStarted", playback=playback.json())

    def leave(self, channel: Channel) -> None:
        bridge = self.bridges.get(channel.bridge)
        channel.bridge = ""
        if bridge is not None:
            bridge.channels.remove(channel.id)
            self.about("ChannelLeftBridge", channel, bridge=bridge.json())

    def join(self, bridge: Bridge, channel: Channel) -> None:
        self.leave(channel)
        bridge.channels.append(channel.id)
        channel.bridge = bridge.id
        self.about("ChannelEnteredBridge", channel, bridge=bridge.json())

    def store(self, name: str) -> None:
        live = self.live.pop(name)
        live.state = "done"
        self.stored[name] = self.spoken.get(name, b"")
        self.send("RecordingFinished", recording=live.json())

    def phone(self, user: str, state: str) -> None:
        self.endpoints[user] = state
        if "endpoint:PJSIP" in self.subscribed:
            self.send("EndpointStateChange", endpoint=self.endpoint(user))

    def endpoint(self, user: str) -> Json:
        return {"technology": "PJSIP", "resource": user, "state": self.endpoints[user], "channel_ids": []}

    # Truth

    def hears(self, channel: str) -> set[str]:
        """What comes to a phone: prompts, music, other channels of its bridge."""
        heard = self.channels[channel]
        others = set(self.bridges[heard.bridge].channels) - {channel} if heard.bridge else set()
        said = {self.playbacks[heard.playing[0]].media} if heard.playing else set()
        return others | said | ({f"music:{heard.music}"} if heard.music else set())

    def dialled(self, endpoint: str) -> str:
        """The channel that rings, or talks, at an endpoint; "" if none does."""
        return next((each.id for each in self.channels.values() if each.endpoint == endpoint), "")

    async def stream(self, request: web.Request) -> web.StreamResponse:
        if not self.takes_sockets:
            return web.json_response({"message": "Service unavailable"}, status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.add(socket)
        async for message in socket:
            if message.type is WSMsgType.ERROR:
                break
        self.sockets.discard(socket)
        return socket

    def is_known(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == encode_basic_auth(USER, PASSWORD)
