"""The topics, made with their partitions before anything is sent."""

from typing import Final

import structlog
from django.conf import settings
from kafka import KafkaAdminClient
from kafka.errors import InvalidReplicationFactorError, TopicAlreadyExistsError

from bridges import routes

TIMEOUT_MS: Final = 2_000  # the leader's session ends after three silent seconds
_log = structlog.get_logger(__name__)


class Unusable(Exception):
    """The topics cannot be made, or are not as our events need them; an operator must decide."""


def ensure() -> None:
    """Make what is missing.

    Raises Unusable when a topic has other partitions: a user's key would fall on another one
    than before, and the order of that user's events would be lost. KafkaError when Kafka does
    not answer.
    """
    admin = KafkaAdminClient(
        bootstrap_servers=settings.KAFKA_BOOTSTRAP,
        bootstrap_timeout_ms=TIMEOUT_MS,
        request_timeout_ms=TIMEOUT_MS,
    )
    try:
        wanted = routes.topics()
        present = set(admin.list_topics())
        _create(admin, {name: count for name, count in wanted.items() if name not in present})
        _compare(admin, {name: count for name, count in wanted.items() if name in present})
    finally:
        admin.close()


def _create(admin: KafkaAdminClient, missing: dict[str, int]) -> None:
    if not missing:
        return
    replicas = settings.KAFKA_REPLICATION
    configs = {"min.insync.replicas": str(min(replicas, 2))}
    try:
        admin.create_topics(
            {
                name: {
                    "num_partitions": count,
                    "replication_factor": replicas,
                    "configs": configs,
                }
                for name, count in missing.items()
            },
            timeout_ms=TIMEOUT_MS,
            wait_for_metadata=True,
        )
    except TopicAlreadyExistsError:
        _log.info("topics_made_by_another_relay")
    except InvalidReplicationFactorError as fault:
        raise Unusable(
            f"Kafka has fewer brokers than KAFKA_REPLICATION asks for, {replicas}:"
            " set it, or wait for them."
        ) from fault


def _compare(admin: KafkaAdminClient, present: dict[str, int]) -> None:
    if not present:
        return
    for topic in admin.describe_topics(list(present)):
        count = len(topic["partitions"])
        if count != present[topic["name"]]:
            raise Unusable(
                f"{topic['name']} has {count} partitions; {present[topic['name']]} are wanted."
                " Use another KAFKA_TOPIC_PREFIX, or move the topic."
            )
