"""An operator can hear what callers hear."""

import wave
from pathlib import Path

import pytest

from tellonce.switchboard.voices.listening import main
from tellonce.switchboard.voices.tests.sounds import save, tone


def test_a_prompt_is_told_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "wait.wav"
    assert main(["en", "wait", "between-5", "minutes-8", "--out", str(out)]) == 0
    assert capsys.readouterr().out.startswith("The wait will be between five and eight minutes.\n")
    with wave.open(str(out)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8_000, 1, 2)
        assert 1.5 < file.getnframes() / 8_000 < 4.0


def test_what_is_missing_is_said_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["en", "queue-shop"]) == 1
    assert "'queue-shop' is not recorded" in capsys.readouterr().err


def test_the_pieces_are_listed_with_whose_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(tmp_path / "es" / "greeting.wav", tone(1_000.0))
    assert main(["es", "--own", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "greeting\tGracias por llamar.\t(your own recording)" in lines
    assert "goodbye\tGracias por llamar. Hasta luego." in lines


def test_the_music_is_written(tmp_path: Path) -> None:
    out = tmp_path / "music.wav"
    assert main(["--music", "--out", str(out)]) == 0
    assert out.stat().st_size > 20 * 16_000
