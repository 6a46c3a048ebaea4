"""Recurrence as pure calendar arithmetic: dates go in and dates come out; no clock, no database."""

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
