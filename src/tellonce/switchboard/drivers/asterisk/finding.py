"""What there is at Asterisk when we reach it, against what we believe: what happened meanwhile is told."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from tellonce.switchboard.drivers.asterisk.calls import Book, Ear, Leg, Side
from tellonce.switchboard.drivers.asterisk.client import Ari, AriError, AriGoneError
from tellonce.switchboard.drivers.asterisk.conversations import Conversations
from tellonce.switchboard.drivers.asterisk.happenings import Happenings
from tellonce.switchboard.drivers.asterisk.phones import Phones
from tellonce.switchboard.drivers.asterisk.recording import Expected
from tellonce.switchboard.drivers.asterisk.settings import AsteriskSettings

log = logging.getLogger(__name__)

NO_SUCH_SOURCE = frozenset({400, 422})
"""What a subscription answers where there is no endpoint of the technology."""

UP = "Up"


class Finding:
    """Looks around, each time that the stream of events is opened and before its first event is read."""

    def __init__(
        self, ari: Ari, *, settings: AsteriskSettings, book: Book, phones: Phones, conversations: Conversations,
        happenings: Happenings, expected: Expected, lost: Callable[[], None],
    ) -> None:  # fmt: skip
        self._ari, self._settings, self._book, self._phones = ari, settings, book, phones
        self._conversations, self._happenings, self._expected = conversations, happenings, expected
        self._lost = lost
        self._started = ""

    async def found(self) -> None:
        """Events come from now on: makes good what we missed."""
        status = (await self._ari.get("/asterisk/info", only="status"))["status"]
        was, self._started = self._started, status["startup_time"]
        if was and was != self._started:
            self._lost()
        await self._look_for_phones()
        await self._look_for_prompts()
        self._look_at_channels(await self._ari.get("/channels"))

    async def _look_for_phones(self) -> None:
        source = f"endpoint:{self._settings.technology}"
        try:
            await self._ari.post(f"/applications/{self._settings.app}/subscription", eventSource=source)
        except AriError as error:
            if error.status not in NO_SUCH_SOURCE:
                raise
            log.warning("asterisk.no_phones", extra={"technology": self._settings.technology})
        self._phones.listed(await self._ari.get("/endpoints"))

    async def _look_for_prompts(self) -> None:
        for side in self._book.sides():
            for playback in list(side.begun):
                try:
                    await self._ari.get(f"/playbacks/{playback}")
                except AriGoneError:
                    self._conversations.said(playback)

    def _look_at_channels(self, channels: list[Mapping[str, Any]]) -> None:
        there = {channel["id"] for channel in channels}
        for name, taking_part in list(self._book.channels.items()):
            if name not in there and isinstance(taking_part, Side | Leg) and taking_part.is_made:
                self._happenings.ended(name)
        for channel in channels:
            if self._is_ours(channel):
                self._look_at(channel)

    def _is_ours(self, channel: Mapping[str, Any]) -> bool:
        dialplan = channel["dialplan"]
        app = dialplan.get("app_data", "").split(",")[0]
        return (dialplan.get("app_name"), app) == ("Stasis", self._settings.app)

    def _look_at(self, channel: Mapping[str, Any]) -> None:
        name = channel["id"]
        known = self._book.channels.get(name)
        if isinstance(known, Ear) or self._expected.met("entered", name):
            return
        if known is None and name.startswith(self._conversations.names):
            return  # an ear of a recording, or one that is being hung up
        if known is None and channel["state"] == UP:
            log.warning("asterisk.orphan_ended")
            self._conversations.refuse(name, reason="normal")
        else:
            self._happenings.entered(channel, channel["dialplan"]["app_data"].split(",")[1:])
