"""Lets an operator hear a prompt: prints what it says, and writes it as a WAV file.

python -m tellonce.switchboard.voices.listening en wait between-5 minutes-8 --out wait.wav
python -m tellonce.switchboard.voices.listening es --own HOME/voices        # all pieces, and whose they are
python -m tellonce.switchboard.voices.listening --music --out music.wav
"""

import sys
import wave
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tellonce.kernel.errors import DomainError
from tellonce.switchboard.g711 import RATE, pcm
from tellonce.switchboard.prompts import Prompt
from tellonce.switchboard.voices.music import music
from tellonce.switchboard.voices.speaking import check_own, speech
from tellonce.switchboard.wording import LANGUAGES, text_of


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 1 with the reason on the error stream."""
    asked = _parser().parse_args(arguments)
    try:
        for line in _lines(asked):
            sys.stdout.write(line + "\n")
    except DomainError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("language", choices=sorted(LANGUAGES), nargs="?", default="en")
    parser.add_argument("pieces", nargs="*", help="of the prompt, in order; without any, all are listed")
    parser.add_argument("--own", type=Path, help="folder of your own recordings, with LANGUAGE/PIECE.wav")
    parser.add_argument("--out", type=Path, help="WAV file to write")
    parser.add_argument("--music", action="store_true", help="the hold music instead")
    return parser


def _lines(asked: Namespace) -> list[str]:
    if asked.music:
        return _heard(music(), "hold music", asked.out)
    if not asked.pieces:
        if asked.own is not None:
            check_own(asked.own)
        return [f"{piece}\t{text}{_whose(asked, piece)}" for piece, text in LANGUAGES[asked.language].texts.items()]
    prompt = Prompt(asked.language, tuple(asked.pieces))
    return _heard(speech(prompt, own=asked.own), text_of(prompt), asked.out)


def _whose(asked: Namespace, piece: str) -> str:
    is_own = asked.own is not None and (asked.own / asked.language / f"{piece}.wav").is_file()
    return "\t(your own recording)" if is_own else ""


def _heard(codes: NDArray[np.uint8], text: str, out: Path | None) -> list[str]:
    lines = [text, f"{codes.size / RATE:.1f} seconds"]
    if out is not None:
        write_wav(out, pcm(codes))
        lines.append(f"written to {out}")
    return lines


def write_wav(path: Path, samples: NDArray[np.int16]) -> None:
    """One channel of 8 kHz, 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())


if __name__ == "__main__":
    sys.exit(main())
