"""What an operator does with events that Kafka refused."""

from datetime import datetime

import structlog
from django.db import transaction

from bridges import nudges
from bridges.bell import ring
from bridges.models import Event
from bridges.outbox import Actor

_log = structlog.get_logger(__name__)


@transaction.atomic
def retry_parked(*, event: Event, actor: Actor) -> bool:
    """Send a parked event again, its user's held ones behind it. False if it is not parked."""
    changed = Event.objects.parked().filter(pk=event.pk).update(parked_at=None, parked_reason="")
    return bool(changed) and _release(event, "parked_event_retried", actor)


@transaction.atomic
def skip_parked(*, event: Event, actor: Actor, now: datetime) -> bool:
    """Give a parked event up and let its user's later ones go. False if it is not parked.

    The event stays in the log, with who skipped it and why it had been refused.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.parked_at is None or event.published_at:
        return False
    event.parked_reason += f"\nskipped by {actor.pk} at {now.isoformat()}"
    event.published_at = now
    event.save(update_fields=["parked_reason", "published_at"])
    return _release(event, "parked_event_skipped", actor)


def _release(event: Event, done: str, actor: Actor) -> bool:
    # Another parked event of the same user still blocks them: the relay holds them again.
    Event.objects.unpublished().filter(user_id=event.user_id, parked_at=None).update(held=False)
    nudges.after_commit("relay", ring, once=True)
    _log.info(done, event_id=str(event.id), actor_id=str(actor.pk))
    return True
