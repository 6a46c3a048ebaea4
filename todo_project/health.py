"""Is the process alive, and has it what it needs?"""

from collections.abc import Callable

import redis
from django.db import OperationalError, connection
from django.http import HttpRequest, JsonResponse

from bridges import kafka_client
from bridges.redis_client import client


def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """503 without PostgreSQL. The API goes on without Redis and Kafka, so they only degrade it."""
    if not answers(database, OperationalError):
        return JsonResponse({"status": "unavailable", "missing": ["postgresql"]}, status=503)
    missing = [
        name
        for name, probe, fault in (
            ("redis", client().ping, redis.RedisError),
            ("kafka", kafka_client.ping, kafka_client.KafkaAway),
        )
        if not answers(probe, fault)
    ]
    return JsonResponse({"status": "degraded" if missing else "ok", "missing": missing})


def answers(probe: Callable[[], object], fault: type[Exception]) -> bool:
    try:
        probe()
    except fault:
        return False
    return True


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
