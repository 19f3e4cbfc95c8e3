"""Tickets for live pages, as every page of the desk asks for them."""

from tellonce.modules.staff.web.listening import TICKET_S, live_url

__all__ = ["TICKET_S", "live_url"]
