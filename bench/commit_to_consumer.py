"""From commit to a consumer's receipt at 20 and 100 changes a second, beside a bare producer.

The bare producer sends messages of the same size at the same rate straight to Kafka; its time
from `send` to receipt is what the broker and the two clients cost without event log and relay.
"""

import multiprocessing
import os
import time
import uuid
from collections.abc import Callable
from typing import Any

import django
import orjson

from bench.figures import latencies, percentile
from bench.product import Product

RATES = (20, 100)  # changes a second
SECONDS = 20
PATIENCE = 30  # seconds for the last event to arrive
Stamp = tuple[str, float]  # a message's subject, and when it was committed or received

_processes = multiprocessing.get_context("spawn")


def run(product: Product) -> None:
    django.setup()
    from kafka import KafkaProducer

    producer = KafkaProducer(
        bootstrap_servers=product.kafka, acks="all", enable_idempotence=True, linger_ms=0
    )
    owner = _owner()
    bare_topic = f"bench-bare-{uuid.uuid4().hex[:8]}"
    stream = os.environ.get("KAFKA_TOPIC_PREFIX", "") + "task-events"
    _make(product.kafka, bare_topic)
    for rate in RATES:
        bare = _measure(product.kafka, bare_topic, rate, lambda: _send(producer, bare_topic))
        ours = _measure(product.kafka, stream, rate, lambda: _change(owner))
        print(latencies(f"bare producer to consumer, {rate}/s", bare))
        print(latencies(f"commit to consumer, {rate}/s", ours))
    producer.close()
    ratio = percentile(ours, 0.95) / percentile(bare, 0.95)
    print(f"ratio of p95 at {RATES[-1]}/s, ours to the bare producer: {ratio:.2f}")


def _measure(kafka: str, topic: str, rate: int, change: Callable[[], Stamp]) -> list[float]:
    """Seconds between each change's commit and its receipt, with changes at an even rate."""
    received: Any = _processes.Queue()
    expected = rate * SECONDS
    consumer = _processes.Process(target=_consume, args=(kafka, topic, expected, received))
    consumer.start()
    received.get(timeout=PATIENCE)  # it listens
    committed = _at_even_rate(change, rate)
    arrived = dict(received.get(timeout=PATIENCE + 5))
    consumer.join()
    missing = committed.keys() - arrived.keys()
    if missing:
        raise SystemExit(f"{len(missing)} of {len(committed)} events did not arrive")
    return [arrived[subject] - at for subject, at in committed.items()]


def _at_even_rate(change: Callable[[], Stamp], rate: int) -> dict[str, float]:
    begun = time.monotonic()
    done = []
    for number in range(rate * SECONDS):
        time.sleep(max(0.0, begun + number / rate - time.monotonic()))
        done.append(change())
    return dict(done)


def _consume(kafka: str, topic: str, expected: int, received: Any) -> None:
    from kafka import KafkaConsumer, TopicPartition

    consumer = KafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    partitions = consumer.partitions_for_topic(topic)
    consumer.assign([TopicPartition(topic, number) for number in partitions])
    consumer.seek_to_end()
    for partition in consumer.assignment():
        consumer.position(partition)  # asks the broker now: what comes later is ours
    received.put("listening")
    stamps: list[Stamp] = []
    until = time.monotonic() + SECONDS + PATIENCE
    while len(stamps) < expected and time.monotonic() < until:
        for records in consumer.poll(timeout_ms=100).values():
            now = time.monotonic()
            stamps.extend((orjson.loads(record.value)["subject"], now) for record in records)
    consumer.close()
    received.put(stamps)


def _make(kafka: str, topic: str) -> None:
    from kafka import KafkaAdminClient

    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.create_topics({topic: {"num_partitions": 3, "replication_factor": 1}})
    admin.close()


def _owner() -> Any:
    from accounts.models import User

    return User.objects.create_user(f"bench-{uuid.uuid4().hex}@example.com")


def _change(owner: Any) -> Stamp:
    from django.db import transaction
    from django.utils import timezone

    from tasks_app import services

    committed: list[float] = []
    with transaction.atomic():
        transaction.on_commit(lambda: committed.append(time.monotonic()))
        task = services.create_task(owner=owner, actor=owner, now=timezone.now(), title="Measure")
    return f"task/{task.pk}", committed[0]


def _send(producer: Any, topic: str) -> Stamp:
    subject = uuid.uuid4().hex
    message = {"subject": subject, "data": "x" * 900}
    begun = time.monotonic()
    producer.send(topic, orjson.dumps(message), key=subject.encode())
    return subject, begun
