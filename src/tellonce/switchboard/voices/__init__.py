"""Prompts as sound: our recordings or the provider's own, hold music, and the two codecs of the telephone."""

from tellonce.switchboard.g711 import RATE, alaw, alaw_of_mulaw, mulaw, pcm, pcm_of_alaw
from tellonce.switchboard.voices.errors import VoiceError
from tellonce.switchboard.voices.music import music
from tellonce.switchboard.voices.speaking import can_say, check_menus, check_own, speech

__all__ = [
    "RATE",
    "VoiceError",
    "alaw",
    "alaw_of_mulaw",
    "can_say",
    "check_menus",
    "check_own",
    "mulaw",
    "music",
    "pcm",
    "pcm_of_alaw",
    "speech",
]
