"""A recording of any rate and loudness becomes speech for the telephone."""

import numpy as np
import pytest

from tellonce.switchboard.voices import VoiceError
from tellonce.switchboard.voices.mastering import LOUDNESS_DB, edges_s, loudness_db, mastered
from tellonce.switchboard.voices.tests.sounds import level_db, tone


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("level", [0.01, 0.9])
def test_any_rate_and_loudness_becomes_one(rate: int, level: float) -> None:
    sound = mastered(tone(1_000.0, rate=rate, level=level), rate=rate)
    assert sound.size == pytest.approx(8_000, abs=400)
    assert loudness_db(sound) == pytest.approx(LOUDNESS_DB, abs=0.2)
    assert level_db(sound, 1_000.0) == pytest.approx(LOUDNESS_DB + 3.0, abs=0.5)


def test_what_no_telephone_carries_is_left_out_and_does_not_fold_back() -> None:
    rate = 48_000
    sound = mastered(tone(1_000.0, rate=rate) + tone(60.0, rate=rate) + tone(7_000.0, rate=rate), rate=rate)
    for hertz in 60.0, 1_000.0 - 60.0, 3_950.0, 8_000.0 - 7_000.0 + 50.0:
        assert level_db(sound, hertz) < LOUDNESS_DB - 30.0


def test_silence_around_the_speech_is_taken_away() -> None:
    quiet = np.zeros(8_000)
    sound = mastered(np.concatenate([quiet, tone(1_000.0), quiet, tone(1_000.0), quiet]), rate=8_000)
    assert sound.size == pytest.approx(3 * 8_000, abs=800)
    assert max(edges_s(sound)) < 0.08
    assert abs(sound[0]) < 1e-3
    assert abs(sound[-1]) < 1e-3


def test_two_channels_are_one() -> None:
    left = tone(1_000.0)
    assert mastered(np.stack([left, left], axis=1), rate=8_000) == pytest.approx(mastered(left, rate=8_000))


def test_a_constant_offset_is_not_heard() -> None:
    assert abs(mastered(tone(1_000.0) + 0.2, rate=8_000).mean()) < 1e-4


def test_peaks_never_reach_full_scale() -> None:
    clicks = tone(1_000.0, level=0.02)
    clicks[1_000::2_000] = 1.0
    assert np.abs(mastered(clicks, rate=8_000)).max() < 0.96


@pytest.mark.parametrize("sound", [np.empty(0), np.zeros(8_000), tone(1_000.0, seconds=0.01)])
def test_what_cannot_be_heard_is_refused(sound: np.ndarray) -> None:
    with pytest.raises(VoiceError, match="nothing that can be heard"):
        mastered(sound, rate=8_000)
