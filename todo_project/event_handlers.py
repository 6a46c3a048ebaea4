"""What else happens in the transaction of an event: event type → handlers, in their order."""

from bridges.outbox import Handler
from notifications_app import handlers as reminders
from recurrence_app import handlers as series

HANDLERS: dict[str, tuple[Handler, ...]] = {
    "task.updated.v1": (reminders.follow_tasks,),
    "task.reopened.v1": (reminders.follow_tasks,),
    "task.completed.v1": (reminders.follow_tasks, series.follow_tasks),
    "task.cancelled.v1": (reminders.follow_tasks, series.follow_tasks),
    "task.deleted.v1": (reminders.follow_tasks, series.follow_tasks),
    "account.updated.v1": (reminders.follow_zone,),
    "recurring-task.due.v1": (reminders.remind_of_occurrences,),
}
