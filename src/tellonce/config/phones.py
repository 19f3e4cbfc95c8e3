"""Which phone the switchboard has, and what it says: by TELLONCE_PHONE and the file phones.toml under the home."""

import logging
import tomllib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from tellonce.config.setup import Setup
from tellonce.kernel.errors import DomainError
from tellonce.switchboard import voices, wording
from tellonce.switchboard.board import Board
from tellonce.switchboard.drivers import PhoneDriver
from tellonce.switchboard.drivers.asterisk import AsteriskDriver, AsteriskSettings
from tellonce.switchboard.drivers.embedded.driver import EmbeddedDriver
from tellonce.switchboard.drivers.embedded.settings import GatewaySettings, Trunk
from tellonce.switchboard.drivers.fake import FakeDriver
from tellonce.switchboard.drivers.made_up import BesideMadeUp
from tellonce.switchboard.errors import SettingsError
from tellonce.switchboard.prompts import Prompt
from tellonce.switchboard.settings import Entry, Settings
from tellonce.switchboard.voices.errors import VoiceError
from tellonce.switchboard.wiring import Manners, Saying, Wiring

log = logging.getLogger(__name__)

FILE = "phones.toml"

_TABLES = frozenset({"recorded", "topics", "embedded", "asterisk"})

G711_HZ = 8_000

One = TypeVar("One")


class PhonesFileError(DomainError):
    """phones.toml cannot be used; the text says where and what to do."""

    code = "phones_file"


def wiring_of(setup: Setup) -> Wiring:
    """The driver that was chosen, with what it says; PhonesFileError, DriverError, VoiceError."""
    if setup.phone == "none":
        return Wiring(FakeDriver())
    file = _read(setup.home / FILE)
    unknown = sorted(set(file) - _TABLES)
    if unknown:
        raise PhonesFileError(f"{FILE}: {unknown[0]} is no setting; there are {', '.join(sorted(_TABLES))}.")
    own = setup.home / "voices"
    own_voices = own if own.is_dir() else None
    if own_voices is not None:
        voices.check_own(own_voices)
    speech = wording.Speech(
        setup.language, ZoneInfo(setup.time_zone), topics=_typed(dict[str, str], file.get("topics", {}), "topics")
    )

    def say(board: Board, command: Saying) -> Prompt:
        contact = board.contacts.get(command.contact)
        entry = board.lines.entries.get(contact.entry) if contact else None
        return wording.said(command, speech, at=board.now, menu=entry.menu if entry else {})

    is_recorded = bool(file.get("recorded", True))
    manners = Manners(
        welcome=wording.welcome(speech, is_recorded=is_recorded),
        connecting=wording.connecting(speech),
        called_back=lambda is_lost: wording.called_back(speech, is_lost=is_lost, is_recorded=is_recorded),
        seconds=lambda prompt: len(spoken(prompt, own=own_voices)) / G711_HZ,
        sayable=Sayable(speech, own_voices),
    )
    driver = _driver(setup, file, own_voices)
    if setup.demo:
        driver = BesideMadeUp(driver)
    return Wiring(driver, say, manners=manners, needs_phones=not setup.demo, records=is_recorded)


class Sayable:
    """Menus that nobody has recorded are left out, and said in the log: their callers come to a person at once."""

    def __init__(self, speech: wording.Speech, own: Path | None) -> None:
        self._speech, self._own = speech, own
        self._checked: dict[str, Entry] = {}

    def __call__(self, settings: Settings) -> Settings:
        """The same, as far as it can be said."""
        return replace(settings, entries=tuple(self._of(entry) for entry in settings.entries))

    def _of(self, entry: Entry) -> Entry:
        key = f"{entry}"
        if key not in self._checked:
            self._checked[key] = self._check(entry)
        return self._checked[key]

    def _check(self, entry: Entry) -> Entry:
        try:
            voices.check_menus([entry], self._speech, own=self._own)
        except SettingsError as error:
            log.error("switchboard.menu_left_out", extra={"why": str(error)})  # noqa: TRY400 -- no fault of ours
            return replace(entry, menu={})
        return entry


def spoken(prompt: Prompt, *, own: Path | None) -> bytes:
    """With the provider's own recordings; where one cannot be used any more, all of it with ours."""
    try:
        return voices.speech(prompt, own=own).tobytes()
    except (VoiceError, OSError):
        if own is None:
            raise
        log.exception("switchboard.own_recording_unusable")
        return voices.speech(prompt, own=None).tobytes()


def gateway_of(setup: Setup) -> tuple[str, int]:
    """Address and port at which phones sign in, of the embedded driver; PhonesFileError."""
    settings = _gateway(setup, _read(setup.home / FILE))
    return settings.address, settings.port


def _driver(setup: Setup, file: dict[str, Any], own: Path | None) -> PhoneDriver:
    def _speech(prompt: Prompt) -> bytes:
        return spoken(prompt, own=own)

    if setup.phone == "asterisk":
        _refuse_unknown(file.get("asterisk", {}), AsteriskSettings, "asterisk")
        return AsteriskDriver(_typed(AsteriskSettings, file.get("asterisk", {}), "asterisk"), speech=_speech)
    return EmbeddedDriver(_gateway(setup, file), speech=_speech, music=lambda: voices.music().tobytes())


def _gateway(setup: Setup, file: dict[str, Any]) -> GatewaySettings:
    given = file.get("embedded", {})
    _refuse_unknown(given, GatewaySettings, "embedded", but={"folder"})
    for number, trunk in enumerate(given.get("trunks", ())):
        _refuse_unknown(trunk, Trunk, f"embedded.trunks[{number}]")
    return _typed(GatewaySettings, given | {"folder": str(setup.home / "phone")}, "embedded")


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PhonesFileError(f"{path} is not TOML: {error}.") from error


def _refuse_unknown(values: Any, kind: type, table: str, *, but: AbstractSet[str] = frozenset()) -> None:
    """A word that is no setting is a mistyped one."""
    if not isinstance(values, Mapping):
        raise PhonesFileError(f"{FILE}: {table} must be a table.")
    known = {each.name for each in fields(kind)} - but
    unknown = sorted(set(values) - known)
    if unknown:
        raise PhonesFileError(f"{FILE}: {table}.{unknown[0]} is no setting; there are {', '.join(sorted(known))}.")


def _typed(kind: type[One], values: Any, table: str) -> One:
    try:
        found: One = TypeAdapter(kind).validate_python(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in (table, *first["loc"]))
        raise PhonesFileError(f"{FILE}: {where}: {first['msg']}.") from error
    return found
