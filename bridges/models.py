"""The event log: outbox, history and source of every replay in one table."""

from __future__ import annotations

import uuid
from typing import ClassVar

import uuid_utils.compat
from django.db import models
from django.db.models import Q


def new_event_id() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): unique, and near its neighbours in the index."""
    return uuid_utils.compat.uuid7()


class EventQuerySet(models.QuerySet["Event"]):
    def unpublished(self) -> EventQuerySet:
        """Everything that consumers have not got yet, held and parked events included."""
        return self.filter(published_at=None)

    def waiting(self) -> EventQuerySet:
        """What the relay sends next. Served by a partial index, in the order of `seq`."""
        return self.filter(published_at=None, held=False).order_by("seq")

    def parked(self) -> EventQuerySet:
        """What Kafka refused and no operator has decided about."""
        return self.filter(published_at=None, parked_at__isnull=False)


class Event(models.Model):
    """One recorded change. The column names fit Debezium's outbox event router.

    Users are plain ids: the log outlives the rows that it tells about.
    """

    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=new_event_id, unique=True, editable=False)
    aggregatetype = models.CharField(max_length=40)
    aggregateid = models.CharField(max_length=64)
    type = models.CharField(max_length=80)
    user_id = models.UUIDField()
    actor_id = models.UUIDField(null=True)
    payload = models.JSONField()
    causation_id = models.CharField(max_length=200, default="")
    trace_context = models.JSONField(null=True)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    parked_reason = models.TextField(default="")
    held = models.BooleanField(default=False)

    objects: ClassVar[EventQuerySet] = EventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "event_log"
        indexes = [
            models.Index(fields=["aggregatetype", "aggregateid", "created_at"], name="event_thing"),
            models.Index(fields=["type", "created_at"], name="event_type"),
            models.Index(fields=["user_id", "seq"], name="event_user"),
            models.Index(
                fields=["seq"], condition=Q(published_at=None, held=False), name="event_waiting"
            ),
            models.Index(
                fields=["user_id", "seq"],
                condition=Q(held=True) | Q(parked_at__isnull=False),
                name="event_stopped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.id}"
