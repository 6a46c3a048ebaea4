"""The operator's view of the event log: read, and decide about parked events."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from bridges import services
from bridges.models import Event


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Waiting"), ("parked", "Parked"), ("held", "Held behind a parked one")]

    def queryset(self, request: Any, queryset: QuerySet[Event]) -> QuerySet[Event]:
        states = {
            "waiting": Q(published_at=None, held=False),
            "parked": Q(published_at=None, parked_at__isnull=False),
            "held": Q(published_at=None, held=True, parked_at=None),
        }
        return queryset.filter(states.get(self.value() or "", Q()))


@admin.register(Event)
class EventAdmin(admin.ModelAdmin[Event]):
    list_display = (
        "id",
        "type",
        "aggregateid",
        "user_id",
        "created_at",
        "published_at",
        "parked_at",
    )
    list_filter = (StateFilter, "type", "created_at")
    search_fields = ("=id", "=aggregateid", "=user_id", "=causation_id")
    search_help_text = "An event's, a task's, a user's or a causing request's id"
    ordering = ("-seq",)
    show_full_result_count = False  # the log is long, and its exact length nobody's question
    actions = ("retry", "skip")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        # Actions need this; with an event at hand everything is read-only.
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False

    @admin.action(description="Send parked events again", permissions=["change"])
    def retry(self, request: HttpRequest, events: QuerySet[Event]) -> None:
        actor = request.user
        done = sum(services.retry_parked(event=event, actor=actor) for event in events)
        self.message_user(request, f"{done} events will be sent again.", messages.SUCCESS)

    @admin.action(description="Skip parked events", permissions=["change"])
    def skip(self, request: HttpRequest, events: QuerySet[Event]) -> None:
        now = timezone.now()
        done = sum(
            services.skip_parked(event=event, actor=request.user, now=now) for event in events
        )
        self.message_user(request, f"{done} events were skipped.", messages.SUCCESS)
