"""What browsers report against the content security policy: logged, and counted."""

import json
import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from prometheus_client import Counter

log = logging.getLogger(__name__)
REPORTS = Counter("tellonce_csp_reports", "Reports of pages against the content security policy", ["directive"])

_LONGEST = 16_384
_KNOWN = frozenset(
    f"{name}-src{ending}"
    for name in ("default", "script", "style", "img", "connect", "font", "frame", "object", "worker", "media")
    for ending in ("", "-elem", "-attr")
) | {"base-uri", "form-action", "frame-ancestors"}


@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Takes a report in either of the two forms that browsers send."""
    if int(request.headers.get("Content-Length") or 0) > _LONGEST:
        return HttpResponse(status=413)
    try:
        said = json.loads(request.body)
    except ValueError:
        return HttpResponse(status=400)
    for report in said if isinstance(said, list) else [said]:
        _note(report if isinstance(report, dict) else {})
    return HttpResponse(status=204)


def _note(report: dict[str, Any]) -> None:
    body = report.get("csp-report") or report.get("body") or {}
    if not isinstance(body, dict):
        return
    violated = body.get("effective-directive") or body.get("effectiveDirective") or body.get("violated-directive")
    named = str(violated or "").partition(" ")[0]
    directive = named if named in _KNOWN else "other"
    blocked = str(body.get("blocked-uri") or body.get("blockedURL") or "")[:200].split("?")[0]
    page = str(body.get("document-uri") or body.get("documentURL") or "")[:200].split("?")[0]
    log.warning("content security policy report", extra={"directive": directive, "blocked": blocked, "page": page})
    REPORTS.labels(directive).inc()
