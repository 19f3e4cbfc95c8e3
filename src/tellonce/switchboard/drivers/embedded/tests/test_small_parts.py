"""Numbers, keys, settings, lines."""

from dataclasses import replace

import pytest

from tellonce.switchboard.drivers.embedded.keys import key_of_info
from tellonce.switchboard.drivers.embedded.numbers import in_full, is_full
from tellonce.switchboard.drivers.embedded.settings import GatewaySettings, Trunk, check_settings
from tellonce.switchboard.drivers.embedded.throttle import MAX_SOURCES, Throttle
from tellonce.switchboard.drivers.embedded.wire import line, read_told, told_line
from tellonce.switchboard.drivers.told import (
    Called,
    CustomerNotReached,
    KeySent,
    PersonGone,
    PhonesChanged,
    Recorded,
    Told,
    WhyNot,
)
from tellonce.switchboard.errors import DriverError


@pytest.mark.parametrize(
    ("number", "country", "full"),
    [
        ("2025550123", "US", "+12025550123"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("+442079460018", "US", "+442079460018"),
        ("011442079460018", "US", "+442079460018"),
        ("02079460018", "GB", "+442079460018"),
        ("00442079460018", "DE", "+442079460018"),
        ("611", "US", "611"),
        ("anonymous", "US", ""),
        ("", "US", ""),
        ("+", "US", ""),
        ("٢٠٢٥٥٥٠١٢٣", "US", ""),
    ],
)
def test_numbers_are_made_full_where_they_can_be(number: str, country: str, full: str) -> None:
    assert in_full(number, country) == full


@pytest.mark.parametrize("number", ["911", "2025550123", "+0125550123", "+1202", "sip:x@y", "+1202555012345678", ""])
def test_only_full_numbers_are_dialled(number: str) -> None:
    assert is_full("+12025550123")
    assert not is_full(number)


@pytest.mark.parametrize(
    ("body", "key"),
    [("Signal=5\r\nDuration=160\r\n", "5"), ("signal= *\r\n", "*"), ("7", "7"), ("Signal=12", ""), ("", ""), ("x", "")],
)
def test_keys_come_in_messages_too(body: str, key: str) -> None:
    assert key_of_info(body) == key


ROUND_TRIPS: list[Told] = [
    Called("a", "care", "+1", "Jane"),
    KeySent("a", "*"),
    PersonGone("a", 3, is_lost=True),
    CustomerNotReached("a", WhyNot.BUSY),
    Recorded("a", "/x.wav", 1.5, 2.0),
    PhonesChanged(frozenset({1, 2})),
]


@pytest.mark.parametrize("told", ROUND_TRIPS)
def test_what_is_told_comes_over_the_wire_as_it_was(told: Told) -> None:
    import json  # noqa: PLC0415 - the other side of the wire

    assert read_told(json.loads(told_line(told))) == told


def test_a_line_is_one_line_whatever_it_says() -> None:
    assert line("told", "over", call="a\nb") == b'{"told":"over","call":"a\\nb"}\n'


GOOD = GatewaySettings("/nowhere", address="192.0.2.1", trunks=(Trunk("a", "192.0.2.20"),))


@pytest.mark.parametrize(
    "changed",
    [
        {"address": "0.0.0.0"},
        {"folder": "/with a space"},
        {"address": "::1"},
        {"address": "phones.example.net"},
        {"open_entries": ("care",)},
        {"media_ports": (28_000, 20_000)},
        {"media_ports": (10, 20_000)},
        {"trunks": (Trunk("a", "192.0.2.20"), Trunk("a", "192.0.2.21"))},
        {"trunks": (Trunk("a", "carrier.example.net"),)},
        {"trunks": (Trunk("a", "192.0.2.20", codec="opus"),)},
        {"trunks": (Trunk("a", "192.0.2.20", asks_password=True),)},
    ],
)
def test_settings_that_cannot_be_are_refused(changed: dict[str, object]) -> None:
    check_settings(GOOD)
    with pytest.raises(DriverError):
        check_settings(replace(GOOD, **changed))  # type: ignore[arg-type]


def test_settings_reach_the_other_process_whole() -> None:
    settings = replace(GOOD, open_entries=("care",), trunks=(Trunk("a", "192.0.2.20", sources=("192.0.2.0/28",)),))
    assert GatewaySettings.from_json(settings.as_json()) == settings


def test_sources_are_forgotten_before_they_fill_the_memory() -> None:
    throttle = Throttle(limit=1)
    for number in range(MAX_SOURCES + 5):
        throttle.failed(str(number), 0.0)
    assert not throttle.is_shut("0", 0.0)
    assert throttle.is_shut(str(MAX_SOURCES), 0.0)
