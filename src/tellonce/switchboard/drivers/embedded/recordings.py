"""Recordings: pieces as rtp.io writes them, put together to stereo sound, in a process of low priority.

A piece holds the packets that one phone sent, each after 30 bytes: where it came from (20), when (seconds since 1970,
8), and its length (2). Sound is placed by the packets' own time, which is the phone's clock, not by their arrival;
where a phone's clock jumps, its sound is placed by arrival anew.
"""

import json
import os
import struct
import sys
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tellonce.switchboard.drivers.embedded.tape import call_of
from tellonce.switchboard.g711 import RATE, pcm, pcm_of_alaw

_HEAD = struct.Struct("<dH")
_HEAD_AT, _HEAD_LENGTH = 20, 30
_RTP = struct.Struct("!BBHII")
_HEARD = {0: pcm, 8: pcm_of_alaw}  # by RTP payload type
_JUMP_S = 1.0
"""The most by which a phone's clock and ours may drift apart before it counts as a jump."""

Sound = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet of sound: when it came, its own time in samples, its source, and what is heard."""

    came: float
    time: int
    source: int
    heard: Sound


def packets(written: bytes) -> Iterator[Packet]:
    """Of one piece. A packet that is cut off (the process was killed) ends it; what is no sound is left out."""
    at = 0
    while at + _HEAD_LENGTH <= len(written):
        came, length = _HEAD.unpack_from(written, at + _HEAD_AT)
        packet = written[at + _HEAD_LENGTH : at + _HEAD_LENGTH + length]
        at += _HEAD_LENGTH + length
        if len(packet) < length or length <= _RTP.size:
            continue
        first, kind, _, time, source = _RTP.unpack_from(packet)
        codec, begin = kind & 0x7F, _RTP.size + 4 * (first & 0x0F)
        if first >> 6 == 2 and codec in _HEARD and not first & 0x30 and begin < length:  # noqa: PLR2004 - RTP version 2
            yield Packet(came, time, source, _HEARD[codec](np.frombuffer(packet[begin:], np.uint8)))


def placed(piece: list[Packet]) -> Iterator[tuple[float, Sound]]:
    """When each packet's sound began, in seconds since 1970."""
    origin, time_there, source = 0.0, 0, -1
    for packet in piece:
        since = ((packet.time - time_there + 2**31) % 2**32 - 2**31) / RATE
        if packet.source != source or abs(origin + since - packet.came) > _JUMP_S:
            origin, time_there, source, since = packet.came, packet.time, packet.source, 0.0
        yield origin + since, packet.heard


def stereo(pieces: list[tuple[bytes, bytes]]) -> tuple[float, Sound]:
    """When it began, and the sound: the customer left, the person right; nothing where nothing was kept."""
    sides = [[each for pair in pieces for each in placed(list(packets(pair[side])))] for side in (0, 1)]
    starts = [when for side in sides for when, _ in side]
    if not starts:
        return 0.0, np.zeros((0, 2), np.int16)
    began = min(starts)
    end = max(round((when - began) * RATE) + len(heard) for side in sides for when, heard in side)
    both = np.zeros((end, 2), np.int16)
    for channel, side in enumerate(sides):
        for when, heard in side:
            at = round((when - began) * RATE)
            both[at : at + len(heard), channel] = heard
    return began, both


def put_together(folder: Path, name: str, pieces: list[tuple[str, str]]) -> dict[str, Any] | None:
    """Writes `name`.wav and removes the pieces; None if nothing was said."""
    files = [tuple(folder / "pieces" / f"{each}.rtp" for each in pair) for pair in pieces]
    began, both = stereo([tuple(file.read_bytes() if file.exists() else b"" for file in pair) for pair in files])  # type: ignore[misc]
    made = None
    if len(both):
        path = folder / "recordings" / f"{name}.wav"
        part = path.with_suffix(".part")
        with part.open("wb") as out, wave.open(out, "wb") as wav:
            wav.setnchannels(2)
            wav.setsampwidth(2)
            wav.setframerate(RATE)
            wav.writeframes(both.astype("<i2").tobytes())
        part.replace(path)
        made = {"path": str(path), "began": began, "seconds": len(both) / RATE}
    for pair in files:
        for file in pair:
            file.unlink(missing_ok=True)
    return made


def left_over(folder: Path) -> list[dict[str, Any]]:
    """Tapes whose pieces are still there from a run before, as `put_together` needs them."""
    tapes: dict[str, set[str]] = {}
    for file in (folder / "pieces").glob("*-*-*.rtp"):
        piece, _, _ = file.stem.rpartition("-")
        tapes.setdefault(piece.rpartition("-")[0], set()).add(piece)
    return [
        {
            "call": call_of(name),
            "name": name,
            "pieces": [(f"{each}-customer", f"{each}-person") for each in sorted(pieces)],
        }
        for name, pieces in sorted(tapes.items())
    ]


def main() -> None:
    """Reads a tape a line and answers each with a line; ends with its input."""
    os.nice(10)
    folder = Path(sys.argv[1])
    for line in sys.stdin:
        asked = json.loads(line)
        made = put_together(folder, asked["name"], [(one, other) for one, other in asked["pieces"]])
        sys.stdout.write(json.dumps({"made": made}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
