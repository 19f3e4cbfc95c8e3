"""The live process's figures for Prometheus."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tellonce.live.hub import Hub
from tellonce.live.listener import Listener


class _LiveFigures(Collector):
    """Reads the hub's and the listener's counts when asked."""

    def __init__(self, *, hub: Hub, listener: Listener) -> None:
        self._hub = hub
        self._listener = listener

    def collect(self) -> Iterable[Metric]:
        counts = self._hub.counts
        yield GaugeMetricFamily("tellonce_live_streams", "Open streams", value=len(self._hub.streams))
        yield GaugeMetricFamily(
            "tellonce_live_listening", "1 while the database is heard", value=int(self._listener.is_listening)
        )
        yield CounterMetricFamily(
            "tellonce_live_connections", "Connections made to the database", value=self._listener.connections
        )
        yield CounterMetricFamily("tellonce_live_told", "Events queued to streams", value=counts.told)
        yield CounterMetricFamily("tellonce_live_refetches", "Orders to re-fetch", value=counts.refetches)
        yield CounterMetricFamily("tellonce_live_overflows", "Streams too slow to read", value=counts.overflows)
        yield CounterMetricFamily("tellonce_live_signed_out", "Streams ended by a sign-out", value=counts.signed_out)


def registry_of(*, hub: Hub, listener: Listener) -> CollectorRegistry:
    """A registry of this process's own figures."""
    registry = CollectorRegistry()
    registry.register(_LiveFigures(hub=hub, listener=listener))
    return registry
