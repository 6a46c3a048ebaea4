"""Why a schedule has no occurrence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from recurrence_app.rules.calendar import LAST
from recurrence_app.rules.naming import UNITS, listed
from recurrence_app.rules.parts import BY_FIELDS, RuleError, part_of
from recurrence_app.rules.rule import Rule

if TYPE_CHECKING:
    from recurrence_app.rules.instants import Occurrence
    from recurrence_app.rules.schedule import Schedule


def why_empty(schedule: Schedule) -> str | None:
    """A sentence that names what keeps every occurrence away; None if there is one."""
    if _first(schedule):
        return None
    whole = replace(schedule, exdates=())
    rule = schedule.rule
    if rule is None or _first(whole):
        return "The exdates take every occurrence away."
    endless = replace(whole, rule=replace(rule, until=None), end_date=None)
    if endless != whole and (first := _first(endless)):
        end = "UNTIL" if rule.until and not _first(replace(whole, end_date=None)) else "end_date"
        return f"The first occurrence would be {first.local}, behind {end}."
    return _never(schedule, rule, list(_hindrances(schedule, rule)))


def _first(schedule: Schedule) -> Occurrence | None:
    return next(schedule.occurrences(), None)


def _hindrances(schedule: Schedule, rule: Rule) -> Iterator[str]:
    """Each part without which the rule would give something."""
    bare = replace(rule, until=None, count=None)
    without: dict[str, dict[str, Any]] = {
        part_of(field): {field: ()} for field in BY_FIELDS if getattr(rule, field)
    }
    if rule.interval > 1:
        without["INTERVAL"] = {"interval": 1}
    for part, change in without.items():
        try:
            easier = replace(schedule, rule=replace(bare, **change), end_date=None, rdates=())
        except RuleError:  # BYSETPOS has no other part left to choose from
            continue
        if _first(easier):
            yield part


def _never(schedule: Schedule, rule: Rule, parts: list[str]) -> str:
    if "BYSETPOS" in parts:
        return f"BYSETPOS asks for a position that no {UNITS[rule.freq]} has."
    if len(parts) > 1:
        return f"{listed(parts)} never meet up to the year {LAST.year}."
    if parts:
        return f"{parts[0]} never meets the rest of the rule up to the year {LAST.year}."
    return f"The rule gives nothing from {schedule.start} to the year {LAST.year}."
