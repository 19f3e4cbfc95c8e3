"""Writes of channels: sending a mail, and what privacy asks for."""

from tellonce.modules.channels.actions.privacy import expire, forget, merged, personal_data
from tellonce.modules.channels.actions.sending import GIVE_UP_AFTER, send_mail

__all__ = ["GIVE_UP_AFTER", "expire", "forget", "merged", "personal_data", "send_mail"]
