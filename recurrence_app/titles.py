"""Titles with the occurrence's day in them: "Report of {month_name} {year}"."""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError

LONGEST: Final = 500

# English names, whatever the machine's language is.
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PLACES: Final[dict[str, Callable[[date], str]]] = {
    "date": date.isoformat,
    "year": lambda day: f"{day.year:04}",
    "month": lambda day: f"{day.month:02}",
    "month_name": lambda day: _MONTHS[day.month - 1],
    "day": lambda day: f"{day.day:02}",
    "weekday": lambda day: _DAYS[day.weekday()],
    "week": lambda day: f"{day.isocalendar().week:02}",
}
_PIECE: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_LONGEST_DAY: Final = date(2026, 9, 30)  # a Wednesday in September


def rendered(template: str, day: date) -> str:
    """The title of the occurrence on `day`; `template` has been checked."""
    if "{" not in template and "}" not in template:
        return template
    return _PIECE.sub(lambda piece: _said(piece, day), template)


def check_title(template: str) -> None:
    """Raise ValidationError, naming `title`, for a template that could not become a title."""
    for piece in _PIECE.finditer(template):
        if piece[0] in ("{", "}"):
            raise ValidationError({"title": f"Write {piece[0] * 2} for a brace that is meant."})
        if piece[1] is not None and piece[1] not in _PLACES:
            known = ", ".join(f"{{{name}}}" for name in _PLACES)
            raise ValidationError({"title": f"“{piece[0][:50]}” is none of {known}."})
    if len(rendered(template, _LONGEST_DAY)) > LONGEST:
        raise ValidationError({"title": f"With a long date it has more than {LONGEST} characters."})


def _said(piece: re.Match[str], day: date) -> str:
    if piece[1] is None:
        return piece[0][0]  # doubled braces
    return _PLACES[piece[1]](day)
