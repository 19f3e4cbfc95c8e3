"""What a caller is told, as pieces of recorded speech and as the text that is kept; English and Spanish."""

from tellonce.switchboard.wording.moments import Moment, moment
from tellonce.switchboard.wording.sentences import called_back, connecting, said, welcome
from tellonce.switchboard.wording.speech import LANGUAGES, QUEUE, TOPICS, Language, Speech, text_of

__all__ = [
    "LANGUAGES",
    "QUEUE",
    "TOPICS",
    "Language",
    "Moment",
    "Speech",
    "called_back",
    "connecting",
    "moment",
    "said",
    "text_of",
    "welcome",
]
