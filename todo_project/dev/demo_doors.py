"""The product as another program sees it: REST, the mail inbox and Kafka."""

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from todo_project.dev.demo_steps import DemoFailed, wait_for

TIMEOUT: Final = 10  # seconds

# The product is on this machine: a proxy of the environment would not find it.
_open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


class Api:
    def __init__(self, address: str) -> None:
        self._address = address
        self._headers = {"Content-Type": "application/json"}

    def sign_in(self, token: str) -> None:
        self._headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> Any:
        return self._answer("GET", path)

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return self._answer("POST", path, b"" if body is None else json.dumps(body).encode())

    def _answer(self, method: str, path: str, body: bytes | None = None) -> Any:
        return _json(
            urllib.request.Request(  # noqa: S310 - the address is the product's own
                self._address + path, data=body, headers=self._headers, method=method
            )
        )


def mails(inbox: str, to: str) -> list[dict[str, Any]]:
    """The mails to an address, oldest first."""
    address = f"{inbox}/api/messages?to={quote(to)}"
    found: list[dict[str, Any]] = _json(urllib.request.Request(address))  # noqa: S310
    return found


def _json(request: urllib.request.Request) -> Any:
    try:
        with _open(request, timeout=TIMEOUT) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        body = error.read(2_000).decode(errors="replace")
        raise DemoFailed(f"{request.full_url} answered {error.code}: {body}") from error
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise DemoFailed(f"{request.full_url} does not answer: {reason}.") from error


class Events:
    """A plain consumer of whole topics, from their ends at the time it was made."""

    def __init__(self, bootstrap: Sequence[str], topics: Sequence[str]) -> None:
        self._found: list[dict[str, Any]] = []
        try:
            self._consumer = KafkaConsumer(
                bootstrap_servers=list(bootstrap), enable_auto_commit=False
            )
        except KafkaError as error:
            raise DemoFailed(f"Kafka does not answer at {','.join(bootstrap)}: {error}") from error
        partitions = [each for topic in topics for each in self._partitions(topic)]
        self._consumer.assign(partitions)
        self._consumer.seek_to_end()
        for partition in partitions:
            self._consumer.position(partition)  # now, and not when it is first polled

    def __enter__(self) -> "Events":
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()

    def of(self, user: str) -> list[dict[str, Any]]:
        """All events of a user so far, in the order of each topic: one key is one partition."""
        while records := self._consumer.poll(timeout_ms=300):
            for batch in records.values():
                self._found.extend(json.loads(record.value) for record in batch)
        return [event for event in self._found if event["partitionkey"] == user]

    def _partitions(self, topic: str) -> list[TopicPartition]:
        numbers = wait_for(
            lambda: self._consumer.partitions_for_topic(topic),
            seconds=15,
            what=f"the topic {topic}",
        )
        return [TopicPartition(topic, number) for number in numbers]
