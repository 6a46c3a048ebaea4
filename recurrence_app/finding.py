"""Which series a list shows, and in which order."""

from typing import Final

from django.db.models import F
from rest_framework import serializers
from rest_framework.request import Request

from accounts.queries import Query
from recurrence_app.models import RecurringTaskQuerySet
from tasks_app.sorting import ORDERS

SORTABLE: Final = ("next_due_at", "created_at")


class RecurringTaskQuery(Query):
    is_active = serializers.ChoiceField(("true", "false"), required=False)
    sort_by = serializers.ChoiceField(
        SORTABLE,
        required=False,
        help_text="By default next_due_at; series of which nothing comes any more are the last.",
    )
    sort_order = serializers.ChoiceField(ORDERS, required=False, help_text="By default asc.")

    def narrow(self, rows: RecurringTaskQuerySet, *, request: Request) -> RecurringTaskQuerySet:
        asked = self.validated_data
        if "is_active" in asked:
            rows = rows.filter(is_active=asked["is_active"] == "true")
        by = F(asked.get("sort_by", "next_due_at"))
        # The id decides between equals, so that pages neither repeat nor skip a series.
        if asked.get("sort_order") == "desc":
            return rows.order_by(by.desc(nulls_last=True), "-id")
        return rows.order_by(by.asc(nulls_last=True), "id")
