"""The properties: what was accepted is on Kafka, and who was to be reminded got mail."""

import json
from collections import Counter, defaultdict
from typing import Any
from urllib.request import urlopen

import psycopg

from tests.consuming import Message, ids, read
from tests.crash.programs import Platform
from tests.waiting import wait_for

STREAMS = ("task-events", "reminders", "notifications")
LOG = "SELECT id::text, aggregatetype || '/' || aggregateid, type FROM event_log ORDER BY seq"
History = dict[str, list[str]]  # what an event is about → the ids of its events, in order


def assert_mirrored(platform: Platform, accepted: list[int], *, seconds: float = 60) -> None:
    """Each accepted task is in the log; the log is on Kafka, whole, in order, nothing invented."""
    wait_for(lambda: unpublished(platform) == 0, seconds=seconds, what="a published log")
    log, messages = wait_for(lambda: _both(platform), seconds=seconds, what="a log at rest")
    created = {about for _, about, type_ in log if type_ == "task.created.v1"}
    lost = {f"task/{task}" for task in accepted} - created
    assert not lost, f"accepted and not recorded: {lost}"
    recorded, seen = _history((event, about) for event, about, _ in log), _seen(messages)
    wrong = {
        about: (recorded.get(about), seen.get(about))
        for about in recorded.keys() | seen.keys()
        if recorded.get(about) != seen.get(about)
    }
    assert not wrong, f"recorded and seen differ: {wrong}"


def _both(platform: Platform) -> tuple[list[Any], list[Message]] | None:
    """The log and what Kafka has of it; None when the log grew meanwhile."""
    log = query(platform, LOG)
    recorded = {event for event, *_ in log}
    messages = read(
        *STREAMS,
        until=lambda found: ids(found) >= recorded,
        bootstrap=platform.services.kafka_bootstrap,
        prefix="",
    )
    return (log, messages) if query(platform, LOG) == log else None


def assert_mailed(platform: Platform, email: str, titles: set[str], *, seconds: float = 40) -> int:
    """Each title has its mail, and a repeat its first one's Message-ID. Returns the repeats."""

    def mails() -> list[dict[str, Any]]:
        with urlopen(f"{platform.services.mail_url}/api/messages?to={email}") as answer:  # noqa: S310
            return list(json.load(answer))

    wait_for(
        lambda: {mail["subject"] for mail in mails()} >= {f"Reminder: {title}" for title in titles},
        seconds=seconds,
        what="a mail for each reminder",
    )
    by_subject = defaultdict(set)
    for mail in mails():
        by_subject[mail["subject"]].add(mail["message_id"])
    assert {len(found) for found in by_subject.values()} == {1}
    return sum(Counter(mail["subject"] for mail in mails()).values()) - len(by_subject)


def unpublished(platform: Platform) -> int:
    return int(query(platform, "SELECT count(*) FROM event_log WHERE published_at IS NULL")[0][0])


def query(platform: Platform, statement: str, **values: Any) -> list[Any]:
    """Its rows, if it has any."""
    with psycopg.connect(platform.services.database_url) as session:
        done = session.execute(statement.encode(), values or None)
        return done.fetchall() if done.description else []


def _seen(messages: list[Message]) -> History:
    """What a consumer that keeps the ids it has handled makes of them."""
    first = {message["id"]: message["subject"] for message in messages}
    return _history(first.items())


def _history(events: Any) -> History:
    history: History = defaultdict(list)
    for event, about in events:
        history[about].append(event)
    return history
