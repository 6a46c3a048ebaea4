"""What follows a task that is done, in a series that goes on by completion."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from recurrence_app.occurrences import Due, Wishes, by_rule, day_of, is_past, local_of
from recurrence_app.progress import FURTHEST, Step, resting, still_to_come


def following(wishes: Wishes, *, last: str, day: date, made: int, now: datetime) -> Step:
    """The task to make now that the one of the occurrence `last` is over since the local `day`.

    Counted from its due date, it is the next that is not past, and those that are past are left
    out. Counted from `day`, the rule starts anew there. In both it is behind `last`: what is done
    is not asked for once more. A series that has come to its end has nothing to make.
    `made` is how many tasks there have been.
    """
    if wishes.from_completion:
        return _step(wishes, next(_anew(wishes, last, day, made), None), 0)
    passed = 0
    for each in by_rule(wishes, behind=last):
        if not is_past(wishes, each, now):
            return _step(wishes, each, passed)
        passed += 1
        if passed >= FURTHEST:
            return _step(wishes, still_to_come(wishes, now), passed)
    return _step(wishes, None, passed)


def _anew(wishes: Wishes, last: str, day: date, made: int) -> Iterator[Due]:
    schedule, rule = wishes.schedule, wishes.schedule.rule
    ended = schedule.end_date is not None and schedule.end_date <= day
    if ended or (rule and rule.count is not None and made >= rule.count):
        return
    start = schedule.start
    begun = datetime.combine(day, start.time()) if isinstance(start, datetime) else day
    anew = replace(
        schedule,
        start=begun,
        rule=replace(rule, count=None) if rule and rule.count else rule,
        rdates=tuple(each for each in schedule.rdates if day_of(each) > day),
    )
    first = max(day, day_of(local_of(last))) + timedelta(days=1)
    yield from by_rule(replace(wishes, schedule=anew), day=first)


def _step(wishes: Wishes, due: Due | None, passed: int) -> Step:
    if due is None:
        return Step((), passed, "", resting(wishes, None))
    then = None if wishes.from_completion else next(by_rule(wishes, behind=due.name), None)
    return Step((due,), passed, due.name, resting(wishes, then))
