"""English for numbers, days and lists of them."""

from calendar import day_name as weekday_name
from calendar import month_name
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import groupby
from typing import Final

from recurrence_app.rules.parts import Frequency, Weekday

MONTHS: Final = tuple(month_name)[1:]
WEEKDAYS: Final = tuple(weekday_name)
UNITS: Final = {
    Frequency.DAILY: "day",
    Frequency.WEEKLY: "week",
    Frequency.MONTHLY: "month",
    Frequency.YEARLY: "year",
}
WORKING_WEEK: Final = (0, 1, 2, 3, 4)
FEW: Final = 6  # of a list that is told one by one

_WORDS: Final = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
_ENDINGS: Final = {1: "st", 2: "nd", 3: "rd"}


def listed(words: Iterable[str], joiner: str = "and") -> str:
    """a; a and b; a, b and c."""
    *head, last = words
    return f"{', '.join(head)} {joiner} {last}" if head else last


def ordinal(number: int) -> str:
    """1st, 22nd; from the end: last, 2nd to last."""
    if number == -1:
        return "last"
    if number < 0:
        return f"{ordinal(-number)} to last"
    in_the_teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if in_the_teens else _ENDINGS.get(number % 10, 'th')}"


def which(number: int) -> str:
    """As `ordinal`, the first four in words."""
    return _WORDS.get(number, ordinal(number))


def forwards(numbers: Iterable[int]) -> list[int]:
    """In the order of the calendar: 1, 15, -2, -1."""
    return sorted(numbers, key=lambda number: (number < 0, number))


def numbered_days(numbers: Iterable[int], unit: str = "") -> str:
    """the 1st, the 8th to the 14th and the last day; the 100th day with a unit for all of them."""
    words = []
    for first, last in _runs(forwards(numbers)):
        name = f"the {ordinal(first)}"
        if first != last:
            name += f" to the {ordinal(last)}"
        words.append(name + (" day" if first < 0 and not unit else ""))
    return listed(words) + unit


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of three and more in a row; other numbers alone."""
    for _, run in groupby(enumerate(numbers), key=lambda item: item[1] - item[0]):
        members = [number for _, number in run]
        if len(members) > 2:
            yield members[0], members[-1]
        else:
            yield from ((number, number) for number in members)


def on_weekdays(days: Sequence[int]) -> str:
    """on Monday and Thursday; from Monday to Friday."""
    return "from Monday to Friday" if tuple(days) == WORKING_WEEK else f"on {weekday_names(days)}"


def weekday_names(days: Iterable[int], joiner: str = "and") -> str:
    return listed((WEEKDAYS[day] for day in days), joiner)


def counted_weekdays(wanted: Iterable[Weekday]) -> str:
    """each Monday and the last Friday."""
    plain = [day for number, day in wanted if not number]
    words = [f"each {weekday_names(plain, 'or')}"] if plain else []
    counted = sorted(
        (item for item in wanted if item.ordinal), key=lambda item: (item.ordinal < 0, item)
    )
    return listed([*words, *(f"the {which(number)} {WEEKDAYS[day]}" for number, day in counted)])


def month_names(months: Iterable[int]) -> str:
    return listed(MONTHS[month - 1] for month in months)


def day_name(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def clock_name(at: time) -> str:
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def local_name(local: date | datetime) -> str:
    if not isinstance(local, datetime):
        return day_name(local)
    return f"{day_name(local)} at {clock_name(local.time())}"
