"""The words of a notification."""

import zoneinfo
from typing import NamedTuple

from notifications_app.models import Reminder
from tasks_app.models import Task


class Words(NamedTuple):
    subject: str
    body: str


def of_reminder(reminder: Reminder, *, late: bool) -> Words:
    title = " ".join(reminder.task.title.split())
    lines = [reminder.task.title, _due(reminder.task)]
    if late:
        lines.append(f"This reminder is late; its time was {reminder.fire_at:%Y-%m-%d %H:%M} UTC.")
    return Words(subject=f"Reminder: {title}", body="\n".join(line for line in lines if line))


def _due(task: Task) -> str:
    if task.due_at is not None:
        local = task.due_at.astimezone(zoneinfo.ZoneInfo(task.due_timezone))
        return f"Due {local:%Y-%m-%d %H:%M} ({task.due_timezone})"
    return f"Due {task.due_date:%Y-%m-%d}" if task.due_date else ""
