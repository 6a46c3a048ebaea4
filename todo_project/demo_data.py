"""The demo user, and something to look at."""

from datetime import datetime, time, timedelta
from typing import Any, Final, NamedTuple

from django.db import transaction

from accounts.models import User
from accounts.services import add_account, set_password
from tasks_app.models import Priority, Status
from tasks_app.services import create_task

ZONE: Final = "Europe/Berlin"
LOW, MEDIUM, HIGH, URGENT = Priority
PENDING, IN_PROGRESS, COMPLETED, CANCELLED = Status


class Sample(NamedTuple):
    """`day` counts from today; without an `hour` it is due all day."""

    title: str
    priority: Priority
    tags: tuple[str, ...] = ()
    day: int | None = None
    hour: int | None = None
    status: Status = PENDING


SAMPLES: Final = (
    Sample("Pay the rent", URGENT, ("home", "money"), day=1),
    Sample("Send the offer to Brandt & Sons", HIGH, ("work",), day=0, hour=17, status=IN_PROGRESS),
    Sample("Renew the passport", HIGH, ("errands",), day=21),
    Sample("Water the tomatoes", LOW, ("garden",), day=0, hour=19),
    Sample("Book the dentist", MEDIUM, ("health",), day=3, hour=9),
    Sample("Review the release notes", MEDIUM, ("work",), day=2, hour=11, status=IN_PROGRESS),
    Sample("Return the library books", MEDIUM, ("errands",), day=-2),
    Sample("Plan the trip to Lisbon", LOW, ("travel",), day=40),
    Sample("Buy a birthday present for Mira", HIGH, ("family",), day=6),
    Sample("Submit the travel expenses", HIGH, ("work", "money"), day=-1, hour=12),
    Sample("Call the plumber", URGENT, ("home",), day=0, hour=10, status=COMPLETED),
    Sample("Read the book on distributed systems", LOW),
    Sample("Back up the photos", MEDIUM, ("home",), day=7, hour=20),
    Sample("Cancel the old phone contract", MEDIUM, ("money",), day=-5, status=COMPLETED),
    Sample("Prepare the team meeting", HIGH, ("work",), day=1, hour=9),
    Sample("Repair the bicycle's brake", MEDIUM, ("errands",), day=4),
    Sample("Sign up for the half marathon", LOW, ("health",), day=-10, status=CANCELLED),
    Sample("Answer the landlord's letter", URGENT, ("home",), day=2, hour=16),
    Sample("Write down the recipe for the plum cake", LOW, ("family",)),
    Sample("Update the emergency contacts", MEDIUM, ("family",), day=14),
    Sample("Order printer paper", LOW, ("work",), day=5),
    Sample("Prune the apple tree", MEDIUM, ("garden",), day=30),
    Sample("Compare electricity tariffs", MEDIUM, ("home", "money"), day=10),
    Sample("Fetch the parcel", MEDIUM, ("errands",), day=0, hour=18, status=COMPLETED),
    Sample("Find a gift for the farewell party", MEDIUM, ("work",), day=9, hour=15),
)


@transaction.atomic
def create_demo(*, email: str, password: str, tasks: int, now: datetime) -> int:
    """See to a superuser of this address and password; one without tasks gets `tasks` of them.

    Returns how many were made.
    """
    user = _superuser(email.lower(), password, now=now)
    if user.tasks.exists():
        return 0
    for number in range(tasks):
        create_task(owner=user, actor=user, now=now, **_fields(number, user, now))
    return tasks


def _superuser(email: str, password: str, *, now: datetime) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User(email=email, time_zone=ZONE, is_staff=True, is_superuser=True, created_at=now)
        user.set_password(password)
        return add_account(user=user, actor=None, now=now)
    if not user.check_password(password):  # a new one would end the sessions of the demo
        user = set_password(user=user, new=password, actor=user, now=now)
    if not (user.is_staff and user.is_superuser):
        user.is_staff = user.is_superuser = True
        user.save(update_fields=["is_staff", "is_superuser"])
    return user


def _fields(number: int, user: User, now: datetime) -> dict[str, Any]:
    """The samples in their order, and again from the first when more are wanted."""
    again, which = divmod(number, len(SAMPLES))
    sample = SAMPLES[which]
    return {
        "title": f"{sample.title} ({again + 1})" if again else sample.title,
        "priority": sample.priority,
        "tags": sample.tags,
        "status": sample.status,
        **_due(sample, user, now),
    }


def _due(sample: Sample, user: User, now: datetime) -> dict[str, Any]:
    if sample.day is None:
        return {}
    day = now.astimezone(user.zone).date() + timedelta(days=sample.day)
    if sample.hour is None:
        return {"due_date": day}
    return {"due_at": datetime.combine(day, time(sample.hour), tzinfo=user.zone)}
