"""What else happens in the transaction of an event: event type → handlers, in their order."""

from bridges.outbox import Handler
from notifications_app import handlers as reminders
from recurrence_app import handlers as series

# Series first: they hold the user whose task they make before anybody holds reminders, as a change
# of zone does.
HANDLERS: dict[str, tuple[Handler, ...]] = {
    "task.completed.v1": (series.follow_tasks, reminders.follow_tasks),
    "task.cancelled.v1": (series.follow_tasks, reminders.follow_tasks),
    "task.deleted.v1": (series.follow_tasks, reminders.follow_tasks),
    "task.updated.v1": (reminders.follow_tasks,),
    "task.reopened.v1": (reminders.follow_tasks,),
    "account.updated.v1": (reminders.follow_zone,),
    "recurring-task.due.v1": (reminders.remind_of_occurrences,),
}
