"""SIP requests in plain words, and answers made of them."""

from typing import Any

from sippy.SipHeader import SipHeader

from tellonce.switchboard.drivers.embedded.admission import Asked, Reply


def plain(request: Any) -> Asked:
    """What the door needs to know. Raises whatever sippy raises where a header cannot be read."""
    host, port = request.getSource()
    method = request.getMethod()
    caller = request.getHFBody("from").getUri()
    asked_of = request.getHFBody("to").getUrl() if method == "REGISTER" else request.getRURI()
    return Asked(
        method=method,
        host=host,
        port=port,
        called=asked_of.username or "",
        caller=caller.url.username or "",
        name=caller.name or "",
        authorization=_raw(request, "authorization"),
        contacts=tuple("*" if each.asterisk else str(each.getUrl()) for each in request.getHFBodys("contact")),
        expires_s=_expires_s(request),
        requires=_raw(request, "require"),
    )


def reply_to(request: Any, reply: Reply) -> Any:
    """The answer, as sippy sends it."""
    response = request.genResponse(reply.code, reply.reason, ext_reason=reply.why or None)
    response.appendHeaders([SipHeader(name=name.lower(), bodys=value) for name, value in reply.headers])
    return response


def _raw(request: Any, name: str) -> str:
    """A header as it was sent: sippy's own reading of some is loose."""
    found = request.getHFs(name)
    return str(found[0].body.body or "") if found else ""


def _expires_s(request: Any) -> int:
    """Of the contact, or of the header; -1 if neither says."""
    for contact in request.getHFBodys("contact"):
        if not contact.asterisk:
            said = [each for each in contact.address.params.items() if each[0].lower() == "expires"]
            if said and str(said[0][1]).isdecimal():
                return int(said[0][1])
    headers = request.getHFBodys("expires")
    return max(int(headers[0].getNum()), 0) if headers else -1
