"""The fake answers as the real Asterisk did: the transcript of a call is played to it again."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import aiohttp

from tellonce.switchboard.drivers.asterisk.tests.fake import PASSWORD, USER, FakeAsterisk
from tellonce.switchboard.drivers.asterisk.tests.scene import serving, until
from tellonce.switchboard.drivers.asterisk.tests.things import APP, shape

TRANSCRIPT = [json.loads(line) for line in (Path(__file__).parent / "transcript.jsonl").read_text().splitlines()]
NOT_FAKED = {"ChannelConnectedLine", "ChannelVarset"}
CUSTOMER, PERSON, BRIDGE = "1795317411.4", "1795317415.5", "a8704275-2459-440b-81de-99a48a561f43"


def real_events() -> list[dict[str, Any]]:
    return [line["event"] for line in TRANSCRIPT if "event" in line and line["event"]["type"] not in NOT_FAKED]


async def replay(fake: FakeAsterisk, address: str) -> list[tuple[str, int, Any]]:
    """Sends the real requests, and lets happen what happened between them; what was answered."""
    answers: list[tuple[str, int, Any]] = []
    fake.endpoints["agent1"] = "online"
    who = {"Authorization": aiohttp.encode_basic_auth(USER, PASSWORD)}
    events = f"{address}/events?app={APP}"
    async with aiohttp.ClientSession(headers=who) as session, session.ws_connect(events):
        named = {CUSTOMER: fake.call("support", "alice")}
        for method, path, query, body in ((*line["rest"], line["body"]) for line in TRANSCRIPT if "rest" in line):
            if method == "DELETE" and path == f"/channels/{PERSON}":
                fake.hang_up(named[CUSTOMER])
            sent = re.sub("|".join(map(re.escape, named)), lambda found: named[found[0]], f"{path} {json.dumps(query)}")
            there, _, asked = sent.partition(" ")
            async with session.request(method, address + there, params=json.loads(asked)) as answer:
                text = await answer.text()
                answers.append((f"{method} {path}", answer.status, json.loads(text) if text else None))
            if body and "id" in body:
                named[body["id"]] = answers[-1][2]["id"]
            await follow(fake, path, named)
    return answers


async def follow(fake: FakeAsterisk, path: str, named: dict[str, str]) -> None:
    """What somebody did after a request."""
    if path.endswith("/play"):
        await until(lambda: fake.events[-1]["type"] == "PlaybackStarted")
        fake.finish(fake.channels[named[CUSTOMER]].playing[0])
    elif path == "/channels":
        await until(lambda: fake.events[-1].get("dialstatus") == "RINGING")
        fake.pick_up(named[PERSON])
    elif path.endswith("/record"):
        await until(lambda: fake.events[-1]["type"] == "RecordingStarted")


def replayed() -> tuple[FakeAsterisk, list[tuple[str, int, Any]]]:
    fake = FakeAsterisk()

    async def whole() -> list[tuple[str, int, Any]]:
        async with serving(fake) as (_, address):
            answers = await replay(fake, address)
            await until(lambda: {"BridgeDestroyed", "ChannelDestroyed"} <= {event["type"] for event in fake.events})
            return answers

    return fake, asyncio.run(whole())


def test_requests_are_answered_with_the_real_statuses_keys_and_types() -> None:
    _, answers = replayed()
    real = [(" ".join(line["rest"][:2]), line["status"], shape(line["body"])) for line in TRANSCRIPT if "rest" in line]
    assert [(asked, status, shape(body)) for asked, status, body in answers] == real


def test_events_have_the_real_keys_and_types() -> None:
    fake, _ = replayed()
    real: dict[str, set[str]] = {}
    for event in real_events():
        real.setdefault(event["type"], set()).add(str(sorted_shape(event)))
    assert {event["type"] for event in fake.events} == set(real)
    for event in fake.events:
        assert str(sorted_shape(event)) in real[event["type"]], event["type"]


def test_each_channel_lives_through_the_real_events_in_the_real_order() -> None:
    fake, _ = replayed()
    for trunk_or_phone in ("PJSIP/trunk", "PJSIP/agent1"):
        assert life(fake.events, trunk_or_phone) == life(real_events(), trunk_or_phone)


def life(events: list[dict[str, Any]], name: str) -> list[tuple[str, str]]:
    return [
        (event["type"], event.get("dialstatus", ""))
        for event in events
        if event.get("channel", event.get("peer", {})).get("name", "").startswith(name)
    ]


def sorted_shape(value: Any) -> Any:
    shaped = shape(value)
    return dict(sorted((key, sorted_shape(each)) for key, each in value.items())) if isinstance(value, dict) else shaped
