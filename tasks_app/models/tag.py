"""A user's words for kinds of tasks."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now

from accounts.models import User
from tasks_app.models.choices import OPEN

LONGEST_TAG: Final = 50
MOST_TAGS_A_USER: Final = 5_000
validate_color: Final = RegexValidator(r"\A#[0-9a-f]{6}\Z", "Give a colour as #rrggbb.")


class TagQuerySet(models.QuerySet["Tag"]):
    def owned_by(self, user: User) -> TagQuerySet:
        """Where every door starts: somebody else's tag does not exist."""
        return self.filter(user=user)

    def with_counts(self) -> TagQuerySet:
        """Annotate `task_count` and `open_task_count`: how many tasks wear the tag.

        Counted for the rows of the page alone, unless the counts decide which those are.
        """
        worn = self.model.tasks.through.objects.filter(tag=OuterRef("pk"))
        is_open = worn.filter(task__status__in=OPEN)
        return self.annotate(task_count=_number(worn), open_task_count=_number(is_open))


class Tag(models.Model):
    """Made when a task first names it, or by itself. An empty `color` is none."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=LONGEST_TAG)
    color = models.CharField(
        max_length=7, blank=True, default="", db_default="", validators=[validate_color]
    )
    version = models.PositiveIntegerField(default=1, db_default=1)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[TagQuerySet] = TagQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="tag_once_a_user"),
            models.CheckConstraint(
                condition=Q(color="") | Q(color__regex=r"^#[0-9a-f]{6}$"), name="tag_color_is_rgb"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def counted(self) -> Tag:
        """This tag with what `with_counts` annotates; one that is gone by now has no tasks."""
        found = Tag.objects.filter(pk=self.pk).with_counts().first()
        for name in ("task_count", "open_task_count"):
            setattr(self, name, getattr(found, name, 0))
        return self


def _number(rows: models.QuerySet[Any]) -> Coalesce:
    groups = rows.order_by().values("tag").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(groups), 0)
