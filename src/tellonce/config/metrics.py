"""Figures for Prometheus: of the pages (counted here), and of what waits in the database (asked when scraped)."""

import os
import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from tellonce.config.jobs import STALLED_AFTER_S
from tellonce.kernel.errors import NotAllowedError
from tellonce.kernel.scraping import may_scrape
from tellonce.modules.phone.queries import line_figures
from tellonce.modules.record.outbox import backlog

REQUESTS = Counter("tellonce_requests", "Pages answered, by url name and status", ("page", "status"))
SECONDS = Histogram(
    "tellonce_request_seconds",
    "Seconds that a page took, by url name",
    ("page",),
    buckets=(0.005, 0.01, 0.02, 0.03, 0.06, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
_WORKERS_ALIVE = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)"


class MetricsMiddleware:
    """Counts every request, by the name of its address: never by the address itself, which holds ids."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        page = request.resolver_match.view_name if request.resolver_match else "none"
        REQUESTS.labels(page, response.status_code).inc()
        SECONDS.labels(page).observe(time.perf_counter() - began)
        return response


class _Waiting(Collector):
    """What waits in the database now."""

    def collect(self) -> Iterable[Metric]:
        waiting = backlog()
        oldest_s = (timezone.now() - waiting.oldest_at).total_seconds() if waiting.oldest_at else 0.0
        yield GaugeMetricFamily("tellonce_outbox_rows", "Rows of the outbox that wait", value=waiting.rows)
        yield GaugeMetricFamily("tellonce_outbox_oldest_seconds", "How long the oldest of them waits", value=oldest_s)
        jobs = GaugeMetricFamily("tellonce_jobs", "Jobs that wait, run or failed", labels=["state"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status")
            for state, count in cursor.fetchall():
                jobs.add_metric([state], count)
            cursor.execute(_WORKERS_ALIVE, [STALLED_AFTER_S])
            yield GaugeMetricFamily("tellonce_workers", "Workers that gave a sign of life", value=cursor.fetchone()[0])
        yield jobs


class _Phone(Collector):
    """The switchboard, as pages see it now."""

    def collect(self) -> Iterable[Metric]:
        line = line_figures(timezone.now())
        yield GaugeMetricFamily("tellonce_switchboard_serves", "1 while a switchboard runs", value=line.is_served)
        accounts = GaugeMetricFamily(
            "tellonce_queue_contacts",
            "Contacts of a queue since the journal began: entered, and what each of these is now",
            labels=["queue", "account"],
        )
        for queue, account, count in line.accounts:
            accounts.add_metric([queue, account], count)
        contacts = GaugeMetricFamily("tellonce_contacts", "Contacts that are not over, by stage", labels=["stage"])
        oldest = GaugeMetricFamily("tellonce_contacts_oldest_seconds", "The longest in this stage", labels=["stage"])
        for each in line.stages:
            contacts.add_metric([each.stage], each.contacts)
            oldest.add_metric([each.stage], each.oldest_s)
        people = GaugeMetricFamily("tellonce_people", "People who answer, by what they do", labels=["state"])
        for state, count in line.people:
            people.add_metric([state], count)
        yield from (accounts, contacts, oldest, people)


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures as text; for this machine itself, or for who knows TELLONCE_METRICS_TOKEN."""
    address, token = request.META.get("REMOTE_ADDR", ""), settings.SETUP.metrics_token
    if not may_scrape(headers=request.headers, address=address, token=token):
        raise NotAllowedError("Figures are for this machine itself, or for who sends TELLONCE_METRICS_TOKEN.")
    waiting = CollectorRegistry()
    waiting.register(_Waiting())
    waiting.register(_Phone())
    return HttpResponse(generate_latest(_of_pages()) + generate_latest(waiting), content_type=CONTENT_TYPE_LATEST)


def _of_pages() -> CollectorRegistry:
    """All processes of `tellonce web` together, by the files that they share; or this process alone."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the package's own gap
    return registry
