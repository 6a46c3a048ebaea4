"""The operator's door to series: every change goes through the services, with its event."""

import contextlib
from collections.abc import Callable
from itertools import islice
from typing import Any, Final, cast

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from recurrence_app import services
from recurrence_app.models import RecurringTask
from recurrence_app.occurrences import name_of
from recurrence_app.progress import upcoming
from recurrence_app.rules import describe

SHOWN: Final = 10  # occurrences
Service = Callable[..., Any]


class FailingFilter(admin.SimpleListFilter):
    title = "last run"
    parameter_name = "failing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "failed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.exclude(last_error="") if self.value() else queryset


@admin.register(RecurringTask)
class RecurringTaskAdmin(admin.ModelAdmin[RecurringTask]):
    """Series are looked at here; what changes them are the actions, and deleting."""

    list_display = (
        *("title", "user", "rrule", "timezone", "is_active"),
        *("next_due_at", "spawn_at", "last_run_at", "last_error"),
    )
    list_filter = ("is_active", FailingFilter, "recurrence_type", "trigger", "catch_up")
    list_select_related = ("user",)
    search_fields = ("title", "user__email")
    search_help_text = "Words of the title, or the owner's e-mail address."
    ordering = ("-created_at",)
    show_full_result_count = False
    actions = ("pause", "resume", "run_now")

    def get_fields(self, request: HttpRequest, obj: RecurringTask | None = None) -> Any:
        names = [field.name for field in RecurringTask._meta.concrete_fields]
        return ["in_words", "next_occurrences", *names]

    def get_readonly_fields(self, request: HttpRequest, obj: RecurringTask | None = None) -> Any:
        return self.get_fields(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_operate_permission(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    @admin.display(description="rule")
    def in_words(self, series: RecurringTask) -> str:
        try:
            return describe(series.schedule())
        except (ValueError, KeyError) as fault:  # a rule or a zone that nobody can read any more
            return f"It can't be read: {fault}"

    @admin.display(description=f"next {SHOWN} occurrences")
    def next_occurrences(self, series: RecurringTask) -> str:
        try:
            return _listed(series)
        except (ValueError, KeyError):
            return "-"

    @admin.action(description="Pause the chosen series", permissions=["operate"])
    def pause(self, request: HttpRequest, queryset: QuerySet[RecurringTask]) -> None:
        self._each(request, queryset, services.pause_series)

    @admin.action(description="Resume the chosen series", permissions=["operate"])
    def resume(self, request: HttpRequest, queryset: QuerySet[RecurringTask]) -> None:
        self._each(request, queryset, services.resume_series)

    @admin.action(description="Make the next task of each now", permissions=["operate"])
    def run_now(self, request: HttpRequest, queryset: QuerySet[RecurringTask]) -> None:
        self._each(request, queryset, services.run_now)

    def delete_model(self, request: HttpRequest, obj: RecurringTask) -> None:
        services.delete_series(series=obj, actor=_operator(request), now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[RecurringTask]) -> None:
        for series in queryset:
            with contextlib.suppress(RecurringTask.DoesNotExist):  # gone since it was shown
                self.delete_model(request, series)

    def _each(
        self, request: HttpRequest, chosen: QuerySet[RecurringTask], service: Service
    ) -> None:
        """A transaction for each, so that no lock waits for the others."""
        done = 0
        for series in chosen:
            try:
                service(series=series, actor=_operator(request), now=timezone.now())
                done += 1
            except ValidationError as refusal:
                messages.warning(request, f"{series.title}: {' '.join(refusal.messages)}")
            except RecurringTask.DoesNotExist:
                continue  # gone since it was shown
        messages.success(request, f"Done with {done} of the chosen series.")


def _listed(series: RecurringTask) -> SafeString | str:
    """In local time and in UTC."""
    following = upcoming(
        series.wishes(), since=series.next_occurrence, waiting=frozenset(series.waiting)
    )
    shown = [
        (f"{each.local:%a} {name_of(each.local)}", f"{each.at:%Y-%m-%d %H:%M} UTC")
        for each in islice(following, SHOWN)
    ]
    return format_html_join("", "<div>{} ({})</div>", shown) or "none"


def _operator(request: HttpRequest) -> User:
    return cast(User, request.user)
