"""Hold music: soft, whole packets, and no seam where it begins again."""

import numpy as np

from tellonce.switchboard.voices import music, pcm
from tellonce.switchboard.voices.mastering import LOUDNESS_DB

SOUND = pcm(music()) / 32_768.0


def test_it_is_long_enough_not_to_tire_and_made_of_whole_packets() -> None:
    assert 20.0 <= SOUND.size / 8_000 <= 30.0
    assert SOUND.size % 160 == 0


def test_it_is_softer_than_speech_and_never_cut() -> None:
    rms_db = 20.0 * np.log10(np.sqrt((SOUND**2).mean()))
    assert LOUDNESS_DB - 8.0 < rms_db < LOUDNESS_DB - 4.0
    assert np.abs(SOUND).max() < 0.5
    assert abs(SOUND.mean()) < 1e-3


def test_there_is_no_click_in_it_nor_where_it_begins_again() -> None:
    """A click is a bend that no note makes: the second difference at the seam is as elsewhere."""
    twice = np.concatenate([SOUND, SOUND])
    bends = np.abs(np.diff(twice, n=2))
    seam = bends[SOUND.size - 80 : SOUND.size + 80].max()
    assert seam <= np.quantile(bends, 0.999)
    assert bends.max() < 0.25


def test_it_never_falls_silent() -> None:
    """A caller who hears nothing thinks that the line is gone."""
    half_seconds = SOUND.reshape(-1, 4_000)
    assert np.sqrt((half_seconds**2).mean(axis=1)).min() > 0.01


def test_nobody_can_change_what_all_hear() -> None:
    assert not music().flags.writeable
