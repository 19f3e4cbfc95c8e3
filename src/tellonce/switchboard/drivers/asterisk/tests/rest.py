"""The fake's REST interface: statuses, bodies and preconditions as in Asterisk's rest-api documents."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from tellonce.switchboard.drivers.asterisk.tests.fake import FakeAsterisk
from tellonce.switchboard.drivers.asterisk.tests.things import Bridge, Channel, Live, Playback, new_id

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

NO_CONTENT = 204


def refused(status: int, message: str) -> web.HTTPException:
    kind = {400: web.HTTPBadRequest, 404: web.HTTPNotFound, 409: web.HTTPConflict, 422: web.HTTPUnprocessableEntity}
    return kind[status](text=f'{{"message": "{message}"}}', content_type="application/json")


def done() -> web.Response:
    return web.Response(status=NO_CONTENT)


class Rest:
    def __init__(self, fake: FakeAsterisk) -> None:
        self.fake = fake

    def channel(self, request: web.Request, *, in_app: bool = True) -> Channel:
        channel = self.fake.channels.get(request.match_info["channel"])
        if channel is None:
            raise refused(404, "Channel not found")
        if in_app and not channel.is_in_app:
            raise refused(409, "Channel not in Stasis application")
        return channel

    def bridge(self, request: web.Request) -> Bridge:
        bridge = self.fake.bridges.get(request.match_info["bridge"])
        if bridge is None:
            raise refused(404, "Bridge not found")
        return bridge

    async def information(self, request: web.Request) -> web.Response:
        status = {"startup_time": self.fake.startup, "last_reload_time": self.fake.startup}
        system = {"version": self.fake.version, "entity_id": "02:fc:00:00:00:01"}
        return web.json_response({"system": system, "status": status})

    async def list_channels(self, request: web.Request) -> web.Response:
        return web.json_response([each.json() for each in self.fake.channels.values()])

    async def list_endpoints(self, request: web.Request) -> web.Response:
        return web.json_response([self.fake.endpoint(user) for user in self.fake.endpoints])

    async def subscribe(self, request: web.Request) -> web.Response:
        kind, _, name = request.query["eventSource"].partition(":")
        if kind == "channel" and name not in self.fake.channels:
            raise refused(422, "Event source does not exist")
        self.fake.subscribed.add(request.query["eventSource"])
        return web.json_response({"name": request.match_info["app"], "endpoint_ids": ["PJSIP"]})

    async def originate(self, request: web.Request) -> web.Response:
        fake, query = self.fake, request.query
        user = query["endpoint"].partition("/")[2]
        if query.get("channelId") in fake.channels:
            raise refused(409, "Channel with given unique ID already exists")
        if fake.endpoints.get(user.partition("@")[2] or user) != "online":
            return web.json_response({"error": "Allocation failed"}, status=500)
        channel = Channel(query.get("channelId", new_id()), f"{query['endpoint']}-00000005", state="Down")
        channel.shown, channel.is_originated, channel.endpoint = query["callerId"], True, query["endpoint"]
        channel.args = query["appArgs"].split(",")
        fake.channels[channel.id] = channel
        fake.dial_event(channel, "")
        asyncio.get_running_loop().call_soon(self._ring, channel)
        return web.json_response(channel.json())

    def _ring(self, channel: Channel) -> None:
        self.fake.set_state(channel, "Ringing")
        self.fake.dial_event(channel, "RINGING")

    async def hang_up(self, request: web.Request) -> web.Response:
        channel = self.channel(request, in_app=False)
        self.fake.refused[channel.id] = request.query.get("reason", "")
        self.fake.about("ChannelHangupRequest", channel, cause=32, soft=True)
        asyncio.get_running_loop().call_soon(self._end, channel)
        return done()

    def _end(self, channel: Channel) -> None:
        if channel.id in self.fake.channels:
            self.fake.destroy(channel, 16)

    async def answer(self, request: web.Request) -> web.Response:
        self.fake.set_state(self.channel(request), "Up")
        return done()

    async def play(self, request: web.Request) -> web.Response:
        channel = self.channel(request)
        playback = Playback(request.query.get("playbackId", new_id()), request.query["media"], channel.id)
        self.fake.playbacks[playback.id] = playback
        channel.music = ""  # is suspended, and does not come back by itself
        channel.playing.append(playback.id)
        if channel.playing == [playback.id]:
            asyncio.get_running_loop().call_soon(self.fake.begin, playback)
        return web.json_response(playback.json(), status=201)

    async def look_at_playback(self, request: web.Request) -> web.Response:
        playback = self.fake.playbacks.get(request.match_info["playback"])
        if playback is None:
            raise refused(404, "Playback not found")
        return web.json_response(playback.json())

    async def stop_playback(self, request: web.Request) -> web.Response:
        await self.look_at_playback(request)
        self.fake.finish(request.match_info["playback"])
        return done()

    async def start_music(self, request: web.Request) -> web.Response:
        self.channel(request).music = request.query["mohClass"]
        return done()

    async def stop_music(self, request: web.Request) -> web.Response:
        self.channel(request).music = ""
        return done()

    async def snoop(self, request: web.Request) -> web.Response:
        query, on = request.query, self.channel(request)
        snoop = Channel(query["snoopId"], f"Snoop/{on.id}-00000000", state="Up", snoops_on=on.id)
        snoop.spy, snoop.whisper = query["spy"], query["whisper"]
        self.fake.channels[snoop.id] = snoop
        asyncio.get_running_loop().call_later(0.01, self.fake.enter, snoop, query["appArgs"].split(","))
        return web.json_response(snoop.json())

    async def record(self, request: web.Request) -> web.Response:
        channel = self.channel(request)
        if channel.bridge:
            raise refused(409, "Channel is currently bridged with other channels")
        return self._record(request, f"channel:{channel.id}")

    async def record_bridge(self, request: web.Request) -> web.Response:
        return self._record(request, f"bridge:{self.bridge(request).id}")

    def _record(self, request: web.Request, target: str) -> web.Response:
        live = self.fake.live[request.query["name"]] = Live(request.query["name"], target)
        answer = web.json_response(live.json(), status=201)
        live.state = "recording"
        asyncio.get_running_loop().call_soon(lambda: self.fake.send("RecordingStarted", recording=live.json()))
        return answer

    def live(self, request: web.Request) -> Live:
        live = self.fake.live.get(request.match_info["name"])
        if live is None:
            raise refused(404, "Recording not found")
        return live

    async def mute(self, request: web.Request) -> web.Response:
        self.live(request).is_muted = request.method == "POST"
        return done()

    async def stop_recording(self, request: web.Request) -> web.Response:
        self.fake.store(self.live(request).name)
        return done()

    async def fetch(self, request: web.Request) -> web.Response:
        if request.match_info["name"] not in self.fake.stored:
            raise refused(404, "Recording not found")
        return web.Response(body=self.fake.stored[request.match_info["name"]], content_type="audio/wav")

    async def drop(self, request: web.Request) -> web.Response:
        if self.fake.stored.pop(request.match_info["name"], None) is None:
            raise refused(404, "Recording not found")
        return done()

    async def make_bridge(self, request: web.Request) -> web.Response:
        bridge = Bridge(request.query.get("bridgeId", new_id()))
        if bridge.id in self.fake.bridges:
            return web.json_response({"message": "Unable to create bridge"}, status=500)
        self.fake.bridges[bridge.id] = bridge
        return web.json_response(bridge.json())

    async def look_at_bridge(self, request: web.Request) -> web.Response:
        return web.json_response(self.bridge(request).json())

    async def end_bridge(self, request: web.Request) -> web.Response:
        bridge = self.bridge(request)
        for name in list(bridge.channels):
            self.fake.leave(self.fake.channels[name])
        del self.fake.bridges[bridge.id]
        asyncio.get_running_loop().call_soon(lambda: self.fake.send("BridgeDestroyed", bridge=bridge.json()))
        return done()

    async def add(self, request: web.Request) -> web.Response:
        bridge = self.bridge(request)
        named = [self.fake.channels.get(name) for name in request.query["channel"].split(",")]
        if None in named:
            raise refused(400, "Channel not found")
        joining = [each for each in named if each is not None]
        if not all(each.is_in_app for each in joining):
            raise refused(422, "Channel not in Stasis application")
        for channel in joining:
            self.fake.join(bridge, channel)
        return done()

    async def remove(self, request: web.Request) -> web.Response:
        bridge, channel = self.bridge(request), self.fake.channels.get(request.query["channel"])
        if channel is None:
            raise refused(400, "Channel not found")
        if channel.bridge != bridge.id:
            raise refused(422, "Channel not in this bridge")
        self.fake.leave(channel)
        return done()


async def late(answer: Awaitable[web.StreamResponse], *, by_s: float) -> web.StreamResponse:
    """What is asked for is done at once, and answered later."""
    done = await answer
    await asyncio.sleep(by_s)
    return done


def application(fake: FakeAsterisk) -> web.Application:
    rest = Rest(fake)

    @web.middleware
    async def watched(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not fake.is_known(request):
            return web.json_response({"message": "Authentication required"}, status=401)
        path = request.path.removeprefix("/ari")
        if path == "/events":
            return await handler(request)
        fake.requests.append((request.method, path, dict(request.query)))
        await asyncio.sleep(fake.slow_s)
        for fault in fake.faults:
            if fault.times and fault.method == request.method and fault.part in path:
                fault.times -= 1
                if fault.after:
                    await handler(request)
                return web.json_response({"message": "Internal Server Error"}, status=fault.status)
        return await late(handler(request), by_s=fake.late_s)

    made = web.Application(middlewares=[watched])
    router, channel, bridge = made.router, "/ari/channels/{channel}", "/ari/bridges/{bridge}"
    live, stored = "/ari/recordings/live/{name}", "/ari/recordings/stored/{name}"
    router.add_get("/ari/events", fake.stream)
    router.add_get("/ari/asterisk/info", rest.information)
    router.add_get("/ari/channels", rest.list_channels)
    router.add_get("/ari/endpoints", rest.list_endpoints)
    router.add_post("/ari/applications/{app}/subscription", rest.subscribe)
    router.add_post("/ari/channels", rest.originate)
    router.add_delete(channel, rest.hang_up)
    router.add_post(f"{channel}/answer", rest.answer)
    router.add_post(f"{channel}/play", rest.play)
    router.add_get("/ari/playbacks/{playback}", rest.look_at_playback)
    router.add_delete("/ari/playbacks/{playback}", rest.stop_playback)
    router.add_post(f"{channel}/moh", rest.start_music)
    router.add_delete(f"{channel}/moh", rest.stop_music)
    router.add_post(f"{channel}/snoop", rest.snoop)
    router.add_post(f"{channel}/record", rest.record)
    router.add_post(f"{live}/mute", rest.mute)
    router.add_delete(f"{live}/mute", rest.mute)
    router.add_post(f"{live}/stop", rest.stop_recording)
    router.add_get(f"{stored}/file", rest.fetch)
    router.add_delete(stored, rest.drop)
    router.add_post("/ari/bridges", rest.make_bridge)
    router.add_get(bridge, rest.look_at_bridge)
    router.add_delete(bridge, rest.end_bridge)
    router.add_post(f"{bridge}/addChannel", rest.add)
    router.add_post(f"{bridge}/removeChannel", rest.remove)
    router.add_post(f"{bridge}/record", rest.record_bridge)
    return made
