"""Sippy's user agent, made fit for us: what belongs to a call that is up, and how its addresses are read."""

import re
from typing import Any

from sippy.CCEvents import CCEventTry
from sippy.SipAddress import SipAddress
from sippy.SipContact import SipContact
from sippy.SipGenericHF import SipGenericHF
from sippy.SipHeader import SipHeader
from sippy.SipURL import SipURL
from sippy.UA import UA

_TAKEN = {"INVITE", "ACK", "BYE", "CANCEL", "INFO", "OPTIONS"}
_ADDRESSES = ("contact", "record-route", "route")
_NOT_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f"\\<>]')
_NOT_IN_A_USER = re.compile(r"[^A-Za-z0-9+*#._-]")
_LONGEST_NAME = 60


def use_udp(message: Any) -> None:
    """Makes every address of the message one that sippy reaches.

    It compares transports by case and knows UDP only: with `transport=UDP` in a Contact, our BYE would be lost.
    """
    for name in _ADDRESSES:
        for body in message.getHFBodys(name):
            if not getattr(body, "asterisk", False):
                body.getUrl().transport = None


def contact_at(user: str, host: str, port: int) -> Any:
    """Where we are reached in a call; sippy's own has no port."""
    return SipContact(address=SipAddress(url=SipURL(username=user, host=host, port=port)))


def clean_name(text: str) -> str:
    """A name that cannot end its header."""
    return _NOT_IN_A_NAME.sub("", text)[:_LONGEST_NAME]


def clean_user(text: str) -> str:
    """The user part of an address."""
    return _NOT_IN_A_USER.sub("", text)[:_LONGEST_NAME] or "anonymous"


def pick_up_headers(host: str) -> tuple[Any, ...]:
    """What makes phones pick up by themselves that are set to obey it: each maker reads one of these."""
    said = {"Call-Info": f"<sip:{host}>;answer-after=0", "Alert-Info": f"<http://{host}>;info=alert-autoanswer;delay=0"}
    return tuple(SipHeader(name=name, body=_Plain(body, name)) for name, body in said.items())


class _Plain(SipGenericHF):  # type: ignore[misc, unused-ignore]
    """A header that sippy has no class for, as it is."""

    def getCopy(self) -> "_Plain":  # noqa: N802 - sippy's name
        return _Plain(self.body, self.hf_names[0])

    def getCanName(self, name: str, compact: bool = False) -> str:  # noqa: N802 - sippy's
        return name.title()


class Dialog(UA):
    """A call leg that takes only what a call needs. A phone that asks to transfer is refused: we do that."""

    def recvRequest(self, req: Any, sip_t: Any) -> Any:  # noqa: N802 - sippy's name
        method = req.getMethod()
        if method == "REFER":
            return req.genResponse(603, "Decline", ext_reason="Transfers are made by the switchboard"), None, None
        if method not in _TAKEN:
            return req.genResponse(501, "Not Implemented"), None, None
        use_udp(req)
        return super().recvRequest(req, sip_t)

    def recvResponse(self, resp: Any, tr: Any) -> None:  # noqa: N802 - sippy's name
        use_udp(resp)
        super().recvResponse(resp, tr)


class Try(CCEventTry):  # type: ignore[misc, unused-ignore]
    """A call out whose request names the phone's own contact, wherever it is sent to."""

    contact: str = ""

    def onUacSetupComplete(self, uac: Any) -> None:  # noqa: N802 - sippy's name
        if self.contact:
            uac.rTarget = SipURL(self.contact)
            uac.rTarget.transport = None
