from todo_project.dev.services.embedded import Embedded, embedded

__all__ = ["Embedded", "embedded"]
