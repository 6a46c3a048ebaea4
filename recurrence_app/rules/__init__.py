"""Recurrence as pure calendar arithmetic: dates go in and dates come out; no clock, no database.

RFC 5545 with its errata, and SKIP of RFC 7529. Where they leave a choice: the period before that
of start counts with what it has from start on (the last week of a year, a 31st that SKIP moves);
a week that lies in two years belongs to the one that has its number; SKIP moves a day that
BYYEARDAY or a negative number asks for in vain as well; second 60 is 59.
"""

from recurrence_app.rules.expanding import Local
from recurrence_app.rules.instants import Occurrence
from recurrence_app.rules.parts import Frequency, RuleError, Skip, Weekday
from recurrence_app.rules.rule import Rule, simple
from recurrence_app.rules.schedule import Schedule
from recurrence_app.rules.text import parse
from recurrence_app.rules.words import describe

__all__ = [
    "Frequency",
    "Local",
    "Occurrence",
    "Rule",
    "RuleError",
    "Schedule",
    "Skip",
    "Weekday",
    "describe",
    "parse",
    "simple",
]
