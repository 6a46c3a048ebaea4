"""Reading back what the event log holds."""

from typing import Any

from bridges.models import Event


def types() -> list[str]:
    """The types of all task events, oldest first."""
    return [event.type for event in _log()]


def last() -> Event:
    return _log()[-1]


def last_payload() -> dict[str, Any]:
    payload: dict[str, Any] = last().payload
    return payload


def _log() -> list[Event]:
    return list(Event.objects.filter(aggregatetype="task").order_by("seq"))
