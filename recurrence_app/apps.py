from django.apps import AppConfig


class RecurrenceConfig(AppConfig):
    name = "recurrence_app"
    verbose_name = "Recurring tasks"
