"""What a series has to make now, and what comes next: decided without a database or a clock.

An occurrence whose local day is over and that has no task has been *missed*; catch-up is about
those alone.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import merge
from typing import Final

from recurrence_app.occurrences import (
    Due,
    Wishes,
    by_rule,
    in_order,
    is_past,
    moved_one,
    spawn_of,
    today_of,
)

MOST_AT_ONCE: Final = 50  # tasks a step
FURTHEST: Final = 5_000  # occurrences that a step looks at
NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True)
class Pointers:
    """Where a series stands; the fields are those of the model."""

    next_occurrence: str | None = None
    next_due_at: date | None = None
    next_occurrence_at: datetime | None = None
    spawn_at: datetime | None = None
    waiting: frozenset[str] = NONE


@dataclass(frozen=True)
class Step:
    """Tasks to make, how many occurrences to leave out, and where that gets the series.

    `last` is the last name by the rule that is done with now; empty when there is none.
    """

    make: tuple[Due, ...]
    left_out: int
    last: str
    pointers: Pointers


def step(wishes: Wishes, *, since: str | None, waiting: frozenset[str], now: datetime) -> Step:
    """What a series has to do at `now` whose next name by the rule is `since`.

    At most MOST_AT_ONCE are made: what is due today, and before it as many of the missed, the
    latest, as there is room for; the other missed ones are left out. What is left of those that
    are not missed waits for the next step.
    """
    owed, following = _owed(wishes, since, now)
    today = today_of(wishes, now)
    if len(owed) >= FURTHEST and owed[-1].day < today:
        return _hurried(wishes, owed, waiting)
    moved = [each for each in _moved(wishes, waiting) if spawn_of(wishes, each) <= now]
    make, left_out = _chosen(wishes, sorted([*owed, *moved], key=in_order), today)
    gone = {each.name for each in (*make, *left_out)}
    done = [each.name for each in owed if each.name in gone]
    unmade = [each for each in owed if each.name not in gone]
    return Step(
        make=tuple(make),
        left_out=len(left_out),
        last=done[-1] if done else "",
        pointers=_behind(wishes, unmade[0] if unmade else following, waiting - gone, bool(make)),
    )


def next_alone(wishes: Wishes, *, since: str | None, waiting: frozenset[str]) -> Step | None:
    """The next one now, whenever it is due. None when nothing comes any more."""
    regular = by_rule(wishes, since=since) if since else iter(())
    following = next(regular, None)
    candidates = [*filter(None, [following]), *_moved(wishes, waiting)]
    if not candidates:
        return None
    chosen = min(candidates, key=in_order)
    is_regular = chosen is following
    return Step(
        make=(chosen,),
        left_out=0,
        last=chosen.name if is_regular else "",
        pointers=_behind(
            wishes, next(regular, None) if is_regular else following, waiting - {chosen.name}, True
        ),
    )


def upcoming(wishes: Wishes, *, since: str | None, waiting: frozenset[str]) -> Iterator[Due]:
    """What comes from the name `since` on, in the order in which it takes place."""
    regular = by_rule(wishes, since=since) if since else iter(())
    return merge(regular, sorted(_moved(wishes, waiting), key=in_order), key=in_order)


def pointers(wishes: Wishes, following: Due | None, waiting: frozenset[str] = NONE) -> Pointers:
    """Of a series whose next occurrence by the rule is `following`, and is made by the calendar."""
    candidates = [*filter(None, [following]), *_moved(wishes, waiting)]
    if not candidates:
        return Pointers()
    shown = min(candidates, key=in_order)
    return Pointers(
        next_occurrence=following.name if following else None,
        next_due_at=shown.day,
        next_occurrence_at=shown.at,
        spawn_at=min(spawn_of(wishes, each) for each in candidates),
        waiting=waiting,
    )


def resting(wishes: Wishes, following: Due | None) -> Pointers:
    """Of a series that waits until its task is done; what follows may depend on when that is."""
    if following is None or wishes.from_completion:
        return Pointers()
    return Pointers(following.name, following.day, following.at)


def still_to_come(wishes: Wishes, now: datetime, *, behind: date | None = None) -> Due | None:
    """The first by the rule that is not past; with `behind`, on a later day than that."""
    first = today_of(wishes, now)
    if behind is not None:
        first = max(first, behind + timedelta(days=1))
    return next(
        (each for each in by_rule(wishes, day=first) if not is_past(wishes, each, now)), None
    )


def _owed(wishes: Wishes, since: str | None, now: datetime) -> tuple[list[Due], Due | None]:
    """What should have its task by now, as far as a step looks, and what the rule gives then."""
    owed: list[Due] = []
    if since is None:
        return owed, None
    for each in by_rule(wishes, since=since):
        if len(owed) >= FURTHEST or spawn_of(wishes, each) > now:
            return owed, each
        owed.append(each)
    return owed, None


def _moved(wishes: Wishes, waiting: frozenset[str]) -> list[Due]:
    return [moved_one(wishes, name) for name in waiting]


def _chosen(wishes: Wishes, owed: list[Due], today: date) -> tuple[list[Due], list[Due]]:
    """Which of them to make, and which to leave out for good."""
    missed = [each for each in owed if each.day < today]
    due = [each for each in owed if each.day >= today]
    if wishes.on_completion:  # one at a time
        due = due[:1]
    room = _room(wishes, due)
    made = list(deque(missed, maxlen=room))
    return [*made, *due][:MOST_AT_ONCE], missed[: len(missed) - len(made)]


def _room(wishes: Wishes, due: list[Due]) -> int:
    """How many of the missed may be made beside what is due."""
    if wishes.on_completion or wishes.catch_up == "latest":
        return 0 if due else 1
    return 0 if wishes.catch_up == "skip" else max(0, MOST_AT_ONCE - len(due))


def _behind(
    wishes: Wishes, following: Due | None, waiting: frozenset[str], has_made: bool
) -> Pointers:
    if wishes.on_completion and has_made:
        return resting(wishes, following)
    return pointers(wishes, following, waiting)


def _hurried(wishes: Wishes, owed: list[Due], waiting: frozenset[str]) -> Step:
    """So many missed ones that more follow: all but the last are too old to be made."""
    old = owed[:-MOST_AT_ONCE]
    following = owed[len(old)]
    return Step((), len(old), old[-1].name, pointers(wishes, following, waiting))
