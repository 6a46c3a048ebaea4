"""The next occurrence of common rules, beside dateutil's `rrule.after`, and after ten years."""

import timeit
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

from bench.product import Product
from recurrence_app.rules import Schedule, parse

RULES = {
    "daily": "FREQ=DAILY",
    "Monday, Wednesday, Friday": "FREQ=WEEKLY;BYDAY=MO,WE,FR",
    "monthly": "FREQ=MONTHLY",
    "last Friday of the month": "FREQ=MONTHLY;BYDAY=-1FR",
    "yearly": "FREQ=YEARLY",
}
START = datetime.fromisoformat("2026-01-05T09:00")
YOUNG = START + timedelta(days=1)
OLD = YOUNG.replace(year=YOUNG.year + 10)
ZONE = ZoneInfo("Europe/Berlin")
RUNS = 1000
REPEATS = 20


def run(product: Product) -> None:
    """dateutil is asked for wall time alone; ours finds the instant in its zone as well."""
    print(f"{'µs for one, the best of runs':<28} dateutil    ours  after 10 years  from its text")
    against_dateutil, by_age = [], []
    for name, text in RULES.items():
        theirs, young, old, whole = _measure(text)
        print(f"{name:<28} {theirs:8.1f} {young:7.1f} {old:15.1f} {whole:14.1f}")
        against_dateutil.append(young / theirs)
        by_age.append(old / young)
    print(f"worst ratio of a series ten years old to a new one: {max(by_age):.2f}")
    print(f"worst ratio of ours to dateutil's rrule.after: {max(against_dateutil):.2f}")


def _measure(text: str) -> list[float]:
    theirs, ours = rrulestr(text, dtstart=START), Schedule(START, ZONE, parse(text))

    def anew() -> object:
        return next(Schedule(START, ZONE, parse(text)).occurrences(after=YOUNG))

    return _best(
        lambda: theirs.after(YOUNG),
        lambda: next(ours.occurrences(after=YOUNG)),
        lambda: next(ours.occurrences(after=OLD)),
        anew,
    )


def _best(*measured: Callable[[], object]) -> list[float]:
    """Microseconds of one call of each in its fastest run; they take turns, since load changes."""
    runs = [[timeit.timeit(one, number=RUNS) for one in measured] for _ in range(REPEATS)]
    return [min(times) / RUNS * 1e6 for times in zip(*runs, strict=True)]
