"""Telling the workers which notifications to send; a hint that is lost is given again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bridges import nudges
from bridges.redis_client import client
from notifications_app.models import Notification
from notifications_app.models.notification import NotificationQuerySet

QUEUE: Final = "notifications"
ROOM: Final = 500  # hints that may wait in the queue before the sweep adds no more
_LOST_AFTER: Final = timedelta(seconds=1)
_BUSY_LOST_AFTER: Final = timedelta(seconds=30)


def hint_after_commit(ids: Sequence[int]) -> None:
    """Tell the workers of these notifications when the open transaction has committed."""
    if ids:
        nudges.after_commit("deliver", lambda: _hint(ids))


def _hint(ids: Sequence[int]) -> None:
    from notifications_app.jobs import deliver  # a door, which imports the services itself

    for pk in ids:
        deliver.apply_async(
            kwargs={"notification_id": pk}, queue=QUEUE, retry=False, ignore_result=True
        )


def to_hint_again(now: datetime) -> NotificationQuerySet:
    """What the workers should hear of (again), no more than the queue has room for.

    An empty queue means that hints of a second ago are lost: Redis was flushed, or away. In one
    that is never empty the hints just wait, and more of them would only make it longer.
    """
    waiting = int(client().llen(QUEUE))
    lost_after = _BUSY_LOST_AFTER if waiting else _LOST_AFTER
    untold = Notification.objects.untold(now, lost_after=lost_after)
    return untold[: max(0, ROOM - waiting)]
