"""A plain consumer, as somebody else's program would be."""

import contextlib
import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import orjson
from kafka import KafkaConsumer, TopicPartition

from tests.waiting import wait_for

Message = dict[str, Any]


def read(
    *topics: str,
    until: Callable[[list[Message]], object],
    seconds: float = 20,
    bootstrap: str | None = None,
    prefix: str | None = None,
) -> list[Message]:
    """All of `topics` from the beginning, ordered as the partitions are, once `until` holds."""
    found: list[Message] = []
    with _consumer(topics, bootstrap, prefix) as consumer:

        def enough() -> object:
            for records in consumer.poll(timeout_ms=200).values():
                found.extend(orjson.loads(record.value) for record in records)
            return until(found)

        wait_for(enough, seconds=seconds, what=f"{topics} with the messages wanted")
    return found


def ids(messages: list[Message]) -> set[str]:
    return {message["id"] for message in messages}


@contextlib.contextmanager
def _consumer(topics: tuple[str, ...], bootstrap: str | None, prefix: str | None) -> Iterator[Any]:
    if prefix is None:
        prefix = os.environ["KAFKA_TOPIC_PREFIX"]
    consumer = KafkaConsumer(
        bootstrap_servers=bootstrap or os.environ["KAFKA_BOOTSTRAP"],
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    try:
        consumer.assign(
            [
                TopicPartition(name, number)
                for name in [prefix + topic for topic in topics]
                for number in wait_for(partial(consumer.partitions_for_topic, name), what=name)
            ]
        )
        consumer.seek_to_beginning()
        yield consumer
    finally:
        consumer.close()
