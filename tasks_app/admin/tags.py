"""Tags in the admin."""

import contextlib
from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from accounts.models import User
from tasks_app import services
from tasks_app.models import Tag


class TagForm(forms.ModelForm[Tag]):
    class Meta:
        model = Tag
        fields = ("user", "name", "color")
        help_texts = {"color": "As #rrggbb; empty for none."}

    def clean_color(self) -> str:
        color: str = self.cleaned_data["color"]
        return color.lower()

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data}


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin[Tag]):
    form = TagForm
    list_display = ("id", "name", "color", "user", "worn_by", "open", "updated_at")
    list_display_links = ("id", "name")
    list_filter = ("created_at",)
    list_select_related = ("user",)
    search_fields = ("name", "user__email")
    search_help_text = "A part of the name, or of the owner's e-mail address."
    ordering = ("-id",)
    show_full_result_count = False
    autocomplete_fields = ("user",)
    readonly_fields = ("worn_by", "open", "version", "created_at", "updated_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return Tag.objects.with_counts()

    @admin.display(ordering="task_count", description="tasks")
    def worn_by(self, tag: Tag) -> int:
        return getattr(tag, "task_count", 0)

    @admin.display(ordering="open_task_count", description="open tasks")
    def open(self, tag: Tag) -> int:
        return getattr(tag, "open_task_count", 0)

    def get_readonly_fields(self, request: HttpRequest, obj: Tag | None = None) -> Any:
        return (*self.readonly_fields, "user") if obj else self.readonly_fields

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return _said(request, super().changeform_view, *args, **options)

    def delete_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return _said(request, super().delete_view, *args, **options)

    def changelist_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return _said(request, super().changelist_view, *args, **options)

    def save_model(self, request: HttpRequest, obj: Tag, form: TagForm, change: bool) -> None:
        actor, now, fields = cast(User, request.user), timezone.now(), form.changes()
        if change:
            services.update_tag(tag=obj, actor=actor, now=now, changes=fields)
            return
        tag = services.create_tag(owner=fields.pop("user"), actor=actor, now=now, **fields)
        obj.pk = tag.pk  # Django's log entry and its next page are about this row

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        services.delete_tag(tag=obj, actor=cast(User, request.user), now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Tag]) -> None:
        """A transaction for each, so that no lock waits for the others."""
        for tag in queryset:
            with contextlib.suppress(Tag.DoesNotExist):  # gone since the list was shown
                self.delete_model(request, tag)


def _said(
    request: HttpRequest, page: Callable[..., HttpResponse], *args: Any, **options: Any
) -> HttpResponse:
    """What only the services refuse, as a name that is taken, is said on the page."""
    try:
        return page(request, *args, **options)
    except (ValidationError, services.Busy) as refusal:
        said = refusal.messages if isinstance(refusal, ValidationError) else refusal.args
        messages.error(request, " ".join(said))
        return HttpResponseRedirect(request.get_full_path())
