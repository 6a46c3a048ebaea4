"""A rule beside the type and interval that it has: what of them a client meant to say.

Who reads a series and sends it back says all of it, and may have changed some of it.
"""

from collections.abc import Mapping
from typing import Any, Final

from recurrence_app.models import RecurringTask
from recurrence_app.occurrences import name_of
from recurrence_app.rules import Rule, RuleError, simple

_KIND: Final = ("recurrence_type", "recurrence_interval")


def agreed(said: Mapping[str, Any], series: RecurringTask | None) -> dict[str, Any]:
    """`said` without what is so already; of a rule and a type that agree, one is left.

    The rule becomes text. What does not agree stays for the service to refuse.
    """
    meant = dict(said)
    rule: Rule | None = meant.get("rrule")
    if rule is not None:
        meant["rrule"] = str(rule)
    if series is not None:
        _leave_out_what_is_so(meant, series)
    if meant.get("rrule") and rule is not None and not meant.keys().isdisjoint(_KIND):
        _choose(meant, rule)
    return meant


def _leave_out_what_is_so(meant: dict[str, Any], series: RecurringTask) -> None:
    """Said once more it would not be the same: a day anew is another rule, and a time of day
    that changes takes the dates that keep to it along.
    """
    if meant.get("rrule") == series.rrule:
        del meant["rrule"]
    if meant.get("start_date") == series.start_date:
        del meant["start_date"]
    for name in ("exdates", "rdates"):
        if name in meant and sorted(map(name_of, meant[name])) == getattr(series, name):
            del meant[name]
    takes_away = "rrule" in meant and not meant["rrule"]
    if not takes_away and all(meant.get(name) in (None, getattr(series, name)) for name in _KIND):
        for name in _KIND:
            meant.pop(name, None)


def _choose(meant: dict[str, Any], rule: Rule) -> None:
    kind = meant.get("recurrence_type", rule.freq.lower())
    interval = meant.get("recurrence_interval", rule.interval)
    if (kind, interval) != (rule.freq.lower(), rule.interval):
        return
    if meant["rrule"] == _simple(kind, interval):
        meant |= {"recurrence_type": kind, "recurrence_interval": interval}
        del meant["rrule"]
    else:
        for name in _KIND:
            meant.pop(name, None)


def _simple(kind: str, interval: int) -> str | None:
    try:
        return str(simple(kind, interval))
    except RuleError:
        return None
