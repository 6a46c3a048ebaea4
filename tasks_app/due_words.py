"""What `due=tomorrow` means: days as the owner's calendar has them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db.models import Q

from tasks_app.due import day_start, validate_day
from tasks_app.models.choices import OPEN

DAY: Final = timedelta(days=1)
WORDS: Final = ("today", "tomorrow", "overdue", "next-7-days", "none")
_DATE: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
PATTERN: Final = rf"^({'|'.join(WORDS)}|{_DATE}(\.\.{_DATE})?)$"


def due(word: str, *, now: datetime, zone: ZoneInfo) -> Q:
    """The tasks that `word` means: one of WORDS, a date, or two dates with ".." between them.

    A day has its all-day tasks, and those whose instant falls into it in `zone`. Raises
    ValidationError for anything else.
    """
    if word == "none":
        return Q(due_date=None, due_at=None)
    today = now.astimezone(zone).date()
    if word == "overdue":
        return Q(status__in=OPEN) & (Q(due_at__lt=now) | Q(due_date__lt=today))
    first, last = _RANGES[word](today) if word in _RANGES else _dates(word)
    return Q(due_date__range=(first, last)) | Q(
        due_at__gte=day_start(first, zone), due_at__lt=day_start(last + DAY, zone)
    )


_RANGES: Final[dict[str, Callable[[date], tuple[date, date]]]] = {
    "today": lambda today: (today, today),
    "tomorrow": lambda today: (today + DAY, today + DAY),
    "next-7-days": lambda today: (today, today + 6 * DAY),
}


def _dates(text: str) -> tuple[date, date]:
    first, _, last = text.partition("..")
    days = _date(first), _date(last or first)
    if days[0] > days[1]:
        raise ValidationError("The first day comes after the last.")
    return days


def _date(text: str) -> date:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  # a day has no zone
    except ValueError:
        words = ", ".join(WORDS)
        raise ValidationError(
            f"Give one of {words}, a date as 2026-03-01, or two as 2026-03-01..2026-03-31."
        ) from None
    validate_day(day)
    return day
