"""What the log tells of a task, change by change.

Each event holds the whole task; what a change did is the difference to the version before.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from bridges.models import Event

# Two events of one change may have the same version, so the version before is no further away.
MOST_A_VERSION: Final = 2
_MOVES: Final = frozenset({"task.completed.v1", "task.reopened.v1", "task.cancelled.v1"})

Changes = dict[str, dict[str, Any]]


class Entry(NamedTuple):
    """One event; `changes` is field → `from` and `to`, or None when the log does not say."""

    event: Event
    changed: list[str]
    changes: Changes | None

    @property
    def actor(self) -> str:
        """Who acted, as the owner may know it; an operator has no name here."""
        if self.event.actor_id is None:
            return "system"
        return "you" if self.event.actor_id == self.event.user_id else "operator"


def entries(events: Sequence[Event], *, earlier: Sequence[Event]) -> Iterator[Entry]:
    """Of `events` of one task, oldest first; `earlier` are the MOST_A_VERSION before them."""
    known = [*earlier, *events]
    for position, event in enumerate(known[len(earlier) :], start=len(earlier)):
        changed = _changed(event)
        before = _version_before(event, known[:position])
        yield Entry(event, changed, _differences(before, event, changed))


def _changed(event: Event) -> list[str]:
    if event.type in _MOVES:
        return ["status"]
    return list(event.payload.get("changed", ()))


def _version_before(event: Event, known: Sequence[Event]) -> Event | None:
    version = event.payload["version"]
    return next((one for one in reversed(known) if one.payload["version"] < version), None)


def _differences(before: Event | None, event: Event, changed: list[str]) -> Changes | None:
    if not changed:  # made or deleted
        return {}
    if before is None:  # the log has forgotten it
        return None
    old, new = _shown(before.payload), _shown(event.payload)
    return {
        name: {"from": old[name], "to": new[name]}
        for name in changed
        if name in old and name in new and old[name] != new[name]
    }


def _shown(payload: Mapping[str, Any]) -> dict[str, Any]:
    """As the API shows it: events have the day of an instant, too, and write UTC otherwise."""
    if not payload["due_at"]:
        return dict(payload)
    return {**payload, "due_date": None, "due_at": payload["due_at"].replace("+00:00", "Z")}
