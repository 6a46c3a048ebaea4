"""The topics that the relay makes, and the ones it refuses to use."""

import os
import threading
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from kafka import KafkaAdminClient

from accounts.models import User
from bridges import relay, routes, topics
from bridges.models import Event
from tests.bridges.conftest import Running
from tests.conftest import TaskOf
from tests.waiting import wait_for


@pytest.fixture
def prefix(settings: LazySettings, request: pytest.FixtureRequest) -> str:
    """Topics that no other test has made."""
    settings.KAFKA_TOPIC_PREFIX += f"{request.node.name}."
    return str(settings.KAFKA_TOPIC_PREFIX)


@pytest.fixture
def kafka() -> Iterator[KafkaAdminClient]:
    admin = KafkaAdminClient(bootstrap_servers=os.environ["KAFKA_BOOTSTRAP"])
    yield admin
    admin.close()


def test_each_topic_has_the_partitions_of_the_table(prefix: str, kafka: KafkaAdminClient) -> None:
    topics.ensure()
    topics.ensure()  # a second relay does no harm

    described = kafka.describe_topics(list(routes.topics()))
    assert {topic["name"]: len(topic["partitions"]) for topic in described} == routes.topics()
    assert routes.topics()[f"{prefix}task-events"] == 3


@pytest.mark.django_db(transaction=True)
def test_a_topic_with_other_partitions_stops_the_relay_with_its_name(
    prefix: str, kafka: KafkaAdminClient, alice: User, task_of: TaskOf
) -> None:
    """Going on would break the order of every user's events."""
    kafka.create_topics({f"{prefix}reminders": {"num_partitions": 5, "replication_factor": 1}})
    task_of(alice)

    refusal = f"{prefix}reminders has 5 partitions; 2 are wanted"
    with pytest.raises(topics.Unusable, match=refusal):
        relay.run(threading.Event())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("off", "made"),
    [
        ("KAFKA_LAYOUT_TYPES", set(routes.STREAMS)),
        ("KAFKA_LAYOUT_STREAMS", set(routes.TYPE_TOPICS)),
    ],
)
def test_a_layout_that_is_off_has_no_topics_and_the_other_goes_on(
    settings: LazySettings,
    kafka: KafkaAdminClient,
    running_relay: Running,
    alice: User,
    task_of: TaskOf,
    off: str,
    made: set[str],
) -> None:
    settings.KAFKA_TOPIC_PREFIX += f"without-{off}."
    setattr(settings, off, False)
    task_of(alice)

    with running_relay():
        wait_for(lambda: not Event.objects.unpublished().exists())

    own = {name for name in kafka.list_topics() if name.startswith(settings.KAFKA_TOPIC_PREFIX)}
    assert own == {settings.KAFKA_TOPIC_PREFIX + name for name in made}


def test_more_replicas_than_brokers_are_refused_with_the_name_of_the_setting(
    settings: LazySettings, prefix: str
) -> None:
    settings.KAFKA_REPLICATION = 3
    with pytest.raises(topics.Unusable, match="KAFKA_REPLICATION"):
        topics.ensure()
