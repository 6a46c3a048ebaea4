"""What else happens in the transaction of an event: event type → handlers, in their order."""

from bridges.outbox import Handler
from notifications_app import handlers as reminders

HANDLERS: dict[str, tuple[Handler, ...]] = {
    "task.updated.v1": (reminders.follow_due_time,),
    "task.reopened.v1": (reminders.come_back,),
    "task.completed.v1": (reminders.call_off,),
    "task.cancelled.v1": (reminders.call_off,),
    "task.deleted.v1": (reminders.call_off,),
    "account.updated.v1": (reminders.follow_zone,),
}
