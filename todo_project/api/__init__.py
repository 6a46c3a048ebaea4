"""The REST door of what spans all apps."""

from todo_project.api.account import AccountView
from todo_project.api.exports import ExportView
from todo_project.api.imports import ImportView

__all__ = ["AccountView", "ExportView", "ImportView"]
