"""A schedule in plain English."""

from recurrence_app.rules.schedule import Schedule


def describe(schedule: Schedule) -> str:
    return str(schedule.rule)
