"""Recordings are put together from what rtp.io writes."""

import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from tellonce.switchboard import g711
from tellonce.switchboard.drivers.embedded.recordings import left_over, put_together, stereo
from tellonce.switchboard.drivers.embedded.tape import new_name

AT, RATE = 1_700_000_000.0, 8_000


def a_packet(came: float, time: int, value: int, *, codec: int = 0, source: int = 7, samples: int = 160) -> bytes:
    heard = np.full(samples, value, np.int16)
    coded = (g711.mulaw if codec == 0 else g711.alaw)(heard).tobytes()
    rtp = struct.pack("!BBHII", 0x80, codec, time // 160 & 0xFFFF, time % 2**32, source) + coded
    return bytes(20) + struct.pack("<dH", came, len(rtp)) + rtp


def near(value: int) -> object:
    return pytest.approx(value, rel=0.05)


def test_sound_is_placed_by_the_phones_clock_and_not_by_arrival() -> None:
    late = a_packet(AT, 0, 1_000) + a_packet(AT + 0.3, 160, 2_000) + a_packet(AT + 0.3, 320, 3_000)
    began, both = stereo([(late, b"")])
    assert began == AT
    assert len(both) == 480
    assert [both[at, 0] for at in (0, 160, 320)] == [near(1_000), near(2_000), near(3_000)]


def test_packets_that_came_in_the_wrong_order_are_put_right() -> None:
    _, both = stereo([(a_packet(AT, 0, 1_000) + a_packet(AT, 320, 3_000) + a_packet(AT, 160, 2_000), b"")])
    assert [both[at, 0] for at in (0, 160, 320)] == [near(1_000), near(2_000), near(3_000)]


def test_the_customer_is_left_and_the_person_right_at_their_times() -> None:
    customer = a_packet(AT, 5_000, 1_000)
    person = a_packet(AT + 0.5, 90_000, 2_000, codec=8)
    _, both = stereo([(customer, person)])
    assert both[0].tolist() == [near(1_000), 0]
    assert both[4_000].tolist() == [0, near(2_000)]


def test_what_was_not_kept_is_silence_of_its_length() -> None:
    before = a_packet(AT, 0, 1_000)
    after = a_packet(AT + 2.0, 16_000, 3_000)
    _, both = stereo([(before, b""), (after, b"")])
    assert len(both) == 16_160
    assert not both[160:16_000].any()
    assert both[16_000, 0] == near(3_000)


def test_a_clock_that_goes_past_its_end_goes_on() -> None:
    _, both = stereo([(a_packet(AT, 2**32 - 160, 1_000) + a_packet(AT + 0.02, 2**32, 2_000), b"")])
    assert len(both) == 320


def test_a_phone_that_starts_its_clock_anew_is_placed_where_it_was_heard() -> None:
    piece = a_packet(AT, 0, 1_000) + a_packet(AT + 1.0, 4_000_000, 2_000) + a_packet(AT + 2.0, 0, 3_000, source=8)
    _, both = stereo([(piece, b"")])
    assert [both[at, 0] for at in (0, 8_000, 16_000)] == [near(1_000), near(2_000), near(3_000)]


def test_keys_and_damaged_packets_are_left_out() -> None:
    key = bytes(20) + struct.pack("<dH", AT, 16) + struct.pack("!BBHII", 0x80, 101, 1, 0, 7) + bytes(4)
    short = bytes(20) + struct.pack("<dH", AT, 3) + b"abc"
    cut = a_packet(AT, 160, 2_000)[:-50]
    _, both = stereo([(key + short + a_packet(AT, 0, 1_000) + cut, b"")])
    assert len(both) == 160


def test_a_recording_is_a_stereo_file_and_its_pieces_are_gone(tmp_path: Path) -> None:
    for name in ("pieces", "recordings"):
        (tmp_path / name).mkdir()
    (tmp_path / "pieces" / "t-0-customer.rtp").write_bytes(a_packet(AT, 0, 1_000))
    made = put_together(tmp_path, "t", [("t-0-customer", "t-0-person")])
    assert made == {"path": str(tmp_path / "recordings" / "t.wav"), "began": AT, "seconds": 0.02}
    with wave.open(made["path"]) as wav:
        assert (wav.getnchannels(), wav.getframerate(), wav.getnframes()) == (2, RATE, 160)
    assert list((tmp_path / "pieces").iterdir()) == []
    assert [file.name for file in (tmp_path / "recordings").iterdir()] == ["t.wav"]


def test_what_a_killed_switchboard_had_recorded_is_found(tmp_path: Path) -> None:
    (tmp_path / "pieces").mkdir()
    name = new_name("call-1")
    for piece in (0, 1):
        for side in ("customer", "person"):
            (tmp_path / "pieces" / f"{name}-{piece}-{side}.rtp").write_bytes(a_packet(AT + piece, 0, 1_000))
    pieces = [(f"{name}-{piece}-customer", f"{name}-{piece}-person") for piece in (0, 1)]
    assert left_over(tmp_path) == [{"call": "call-1", "name": name, "pieces": pieces}]


def test_where_nothing_was_said_there_is_no_recording(tmp_path: Path) -> None:
    (tmp_path / "pieces").mkdir()
    assert put_together(tmp_path, "t", [("t-0-customer", "t-0-person")]) is None
