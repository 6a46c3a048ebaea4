"""Series that go on when their task is over."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from recurrence_app.models import RecurringTask, Trigger
from recurrence_app.on_completion import following
from recurrence_app.services.making import Work, carry_out, prepared


@transaction.atomic
def follow_tasks(
    *, over: Mapping[UUID, Mapping[str, datetime]], actor: User | None, now: datetime
) -> None:
    """Make the next task of each series whose last one is over.

    `over` is series → name of the occurrence → when. Only the last occurrence counts, so that a
    task that is reopened and done once more makes no second one. A series that is paused, gone or
    goes by the calendar makes none. The tasks are held by the caller, the series are taken here.
    """
    waiting = RecurringTask.objects.filter(
        pk__in=over, trigger=Trigger.COMPLETION, is_active=True
    ).select_related("user")
    held = waiting.select_for_update(of=("self",), no_key=True).order_by("pk")
    works = [
        _work(series, over[series.pk][series.last_occurrence], now)
        for series in held
        if series.last_occurrence in over[series.pk]
    ]
    if works:
        carry_out(works, actor=actor, now=now)


def _work(series: RecurringTask, at: datetime, now: datetime) -> Work:
    wishes = series.wishes()
    day: date = at.astimezone(wishes.zone).date()
    return prepared(
        series,
        following(wishes, last=series.last_occurrence, day=day, made=series.made, now=now),
    )
