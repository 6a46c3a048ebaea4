"""A series as a plain loop over days: what the model of the tests is, and nothing cleverer."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass
class Rule:
    """Every so many days, weeks or months from its start."""

    kind: str
    interval: int
    start: date

    def has(self, day: date) -> bool:
        if day < self.start:
            return False
        if self.kind == "monthly":
            months = (day.year - self.start.year) * 12 + day.month - self.start.month
            last = monthrange(day.year, day.month)[1]
            return months % self.interval == 0 and day.day == min(self.start.day, last)
        step = self.interval * (7 if self.kind == "weekly" else 1)
        return (day - self.start).days % step == 0


@dataclass
class ByCalendar:
    rule: Rule
    zone: ZoneInfo
    at: time | None
    catch_up: str
    begins: date  # no day before it
    end: date | None = None
    is_active: bool = True
    skipped: set[date] = field(default_factory=set)
    made: list[date] = field(default_factory=list)
    left_out: int = 0
    last: date = date.min

    def has(self, day: date) -> bool:
        return self.rule.has(day) and day not in self.skipped and (not self.end or day <= self.end)

    def tick(self, now: datetime) -> None:
        if not self.is_active:
            return
        today = now.astimezone(self.zone).date()
        missed, day = [], self.begins
        while day < today:
            if self.has(day):
                missed.append(day)
            day += DAY
        due = [today] if self.begins <= today and self.has(today) else []
        room = {"all": 50 - len(due), "latest": 1 - len(due), "skip": 0}[self.catch_up]
        self.made += missed[len(missed) - min(room, len(missed)) :] + due
        self.left_out += max(0, len(missed) - room)
        self.last = max([self.last, *missed, *due])
        self.begins = max(self.begins, today + DAY)

    def go_on(self, now: datetime) -> None:
        """With what is not past, on a later day than the last one that is done with."""
        local = now.astimezone(self.zone)
        is_past = self.at is not None and local.time() > self.at
        self.begins = local.date() + DAY if is_past else local.date()
        if self.last >= self.begins:
            self.begins = self.last + DAY
