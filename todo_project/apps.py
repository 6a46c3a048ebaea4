from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "todo_project"
    verbose_name = "Platform"
