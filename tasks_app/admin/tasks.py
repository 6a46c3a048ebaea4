"""Tasks in the admin."""

import contextlib
from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from tasks_app import services
from tasks_app.due import check_due
from tasks_app.models import LONGEST_TAG, MOST_TAGS, Task, TaskQuerySet

Service = Callable[..., Any]


class TagsField(forms.CharField):
    """Names with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        names = sorted({name.strip() for name in super().clean(value).split(",") if name.strip()})
        if len(names) > MOST_TAGS or any(len(name) > LONGEST_TAG for name in names):
            raise forms.ValidationError(
                f"Give {MOST_TAGS} tags of {LONGEST_TAG} characters at the most."
            )
        return names

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(", ".join(initial or ()), data)


class TaskForm(forms.ModelForm[Task]):
    tag_words = TagsField(label="Tags", required=False, help_text="With commas between them.")

    class Meta:
        model = Task
        fields = (
            "user",
            "title",
            "description",
            "status",
            "priority",
            "due_date",
            "due_at",
            "due_timezone",
        )
        widgets = {"description": forms.Textarea}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial["tag_words"] = self.instance.tag_names()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        check_due(said.get("due_date"), said.get("due_at"), said.get("due_timezone"))
        if said.get("due_at") and not said.get("due_timezone"):
            owner = said.get("user") or self.instance.user
            said["due_timezone"] = owner.time_zone  # the database would refuse the empty one
        return said

    def changes(self) -> dict[str, Any]:
        """What the operator changed, in the words of the services."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        return {{"tag_words": "tags"}.get(name, name): value for name, value in changed.items()}


@admin.register(Task)
class TaskAdmin(admin.ModelAdmin[Task]):
    form = TaskForm
    list_display = ("id", "title", "user", "status", "priority", "due_date", "due_at", "updated_at")
    list_display_links = ("id", "title")
    list_filter = ("status", "priority", "due_date", "due_at", "created_at")
    list_select_related = ("user",)
    search_fields = ("title", "description", "user__email", "tags__name")
    search_help_text = "Words of the title or description, a tag, or the owner's e-mail address."
    ordering = ("-id",)
    show_full_result_count = False
    autocomplete_fields = ("user",)
    readonly_fields = ("version", "notified", "created_at", "updated_at", "completed_at")
    actions = ("complete", "reopen", "cancel")

    def get_readonly_fields(self, request: HttpRequest, obj: Task | None = None) -> Any:
        return (*self.readonly_fields, "user") if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Task, form: TaskForm, change: bool) -> None:
        actor, now = _operator(request), timezone.now()
        if change:
            services.update_task(task=obj, actor=actor, now=now, changes=form.changes())
            return
        fields = form.changes()
        task = services.create_task(owner=fields.pop("user"), actor=actor, now=now, **fields)
        obj.pk = task.pk  # Django's log entry and its next page are about this row

    def delete_model(self, request: HttpRequest, obj: Task) -> None:
        services.delete_task(task=obj, actor=_operator(request), now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: TaskQuerySet) -> None:  # type: ignore[override]
        self._each(request, queryset, services.delete_task)

    @admin.action(description="Complete selected tasks", permissions=["change"])
    def complete(self, request: HttpRequest, queryset: TaskQuerySet) -> None:
        self._move(request, queryset, services.complete_task)

    @admin.action(description="Reopen selected tasks", permissions=["change"])
    def reopen(self, request: HttpRequest, queryset: TaskQuerySet) -> None:
        self._move(request, queryset, services.reopen_task)

    @admin.action(description="Cancel selected tasks", permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: TaskQuerySet) -> None:
        self._move(request, queryset, services.cancel_task)

    def _move(self, request: HttpRequest, tasks: TaskQuerySet, move: services.Move) -> None:
        done = self._each(request, tasks, move)
        messages.success(request, f"Done with {done} of the selected tasks.")

    def _each(self, request: HttpRequest, tasks: TaskQuerySet, service: Service) -> int:
        """A transaction for each, so that no lock waits for the others; how many were there."""
        done = 0
        for task in tasks:
            with contextlib.suppress(Task.DoesNotExist):  # gone since the list was shown
                service(task=task, actor=_operator(request), now=timezone.now())
                done += 1
        return done


def _operator(request: HttpRequest) -> User:
    return cast(User, request.user)
