"""An audio process's figures for Prometheus."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tellonce.audio.counts import Failure, Lost
from tellonce.audio.lines import Lines


class _AudioFigures(Collector):
    """Of the lines, with what was lost until now."""

    def __init__(self, lines: Lines, lost: Lost) -> None:
        self._lines, self._lost = lines, lost

    def collect(self) -> Iterable[Metric]:
        lines = self._lines.all
        yield GaugeMetricFamily("tellonce_audio_phones", "Phones in browsers", value=len(lines))
        yield GaugeMetricFamily(
            "tellonce_audio_connected",
            "Of these, with a browser that is there",
            value=sum(each.is_heard for each in lines),
        )
        yield GaugeMetricFamily(
            "tellonce_audio_calls", "Calls with sound now", value=sum(each.sound is not None for each in lines)
        )
        failed = CounterMetricFamily("tellonce_audio_legs_failed", "Sides that came to nothing", labels=["why"])
        for why in Failure:
            failed.add_metric([why], self._lines.counts.failed[why])
        yield failed
        lost = CounterMetricFamily("tellonce_audio_packets_lost", "Packets of sound that were lost", labels=["way"])
        lost.add_metric(["from_browsers"], self._lost.from_browsers)
        lost.add_metric(["to_browsers"], self._lost.to_browsers)
        yield lost


async def figures(lines: Lines) -> bytes:
    """As text."""
    registry = CollectorRegistry()
    registry.register(_AudioFigures(lines, await lines.lost()))
    return generate_latest(registry)
