"""Everything that can be done to reminders and notifications."""

from notifications_app.services.deliveries import (
    cancel_notification,
    deliver,
    retry_notification,
    sweep_deliveries,
)
from notifications_app.services.firing import fire_due_reminders
from notifications_app.services.reminders import (
    ReminderRefused,
    cancel_reminder,
    close_tasks,
    move_all_day_reminders,
    revise_reminders,
    schedule_reminder,
)
from notifications_app.services.templates import set_reminders

__all__ = [
    "ReminderRefused",
    "cancel_notification",
    "cancel_reminder",
    "close_tasks",
    "deliver",
    "fire_due_reminders",
    "move_all_day_reminders",
    "retry_notification",
    "revise_reminders",
    "schedule_reminder",
    "set_reminders",
    "sweep_deliveries",
]
