"""Prometheus: the bridge's figures, and where a process without HTTP shows its own."""

import os

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    multiprocess,
    start_http_server,
)

PUBLISHED = Counter(
    "kafka_messages_published_total", "Messages that Kafka acknowledged", ["topic", "event_type"]
)
PARKED = Counter("events_parked_total", "Events that Kafka refused for good", ["event_type"])
LEADER = Gauge("relay_leader", "1 on the relay that leads", multiprocess_mode="livesum")


def serve() -> None:
    """Serve `/metrics` on METRICS_PORT, for the processes that do not answer HTTP otherwise."""
    if port := os.environ.get("METRICS_PORT"):
        host = os.environ.get("METRICS_HOST", "127.0.0.1")
        start_http_server(int(port), addr=host, registry=_registry())


def _registry() -> CollectorRegistry:
    """A process with children reads what all of them wrote to PROMETHEUS_MULTIPROC_DIR."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return registry
