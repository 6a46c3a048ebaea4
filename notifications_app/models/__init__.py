from notifications_app.models.notification import Notification, NotificationStatus
from notifications_app.models.reminder import Reminder, ReminderState

__all__ = ["Notification", "NotificationStatus", "Reminder", "ReminderState"]
