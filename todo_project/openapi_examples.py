"""Examples in the OpenAPI document: one of each thing that is sent, and of each error."""

from http import HTTPStatus
from typing import Any, Final

_AT: Final = "2026-03-01T09:00:00Z"
_LATER: Final = "2026-03-02T18:30:00Z"
_PASSWORD: Final = "a few words of your own"  # noqa: S105  # nobody's

_TASK_REQUEST: Final = {
    "title": "Pay the rent",
    "priority": "high",
    "tags": ["bank", "home"],
    "due_at": "2026-03-03T09:00:00+01:00",
    "due_timezone": "Europe/Berlin",
    "recurrence": {"rrule": "FREQ=MONTHLY;BYDAY=-1TU"},
    "reminders": [{"offset_minutes": -30}],
}
_TASK: Final = {
    "id": 4711,
    "title": "Pay the rent",
    "description": "",
    "status": "pending",
    "priority": "high",
    "priority_id": 3,
    "tags": ["bank", "home"],
    "due_date": None,
    "due_at": "2026-03-03T08:00:00Z",
    "due_timezone": "Europe/Berlin",
    "notified": False,
    "is_recurring": False,
    "recurring_task_id": None,
    "occurrence": None,
    "version": 1,
    "created_at": _AT,
    "updated_at": _AT,
    "completed_at": None,
}
_TAG: Final = {
    "id": 12,
    "name": "home",
    "color": "#3366cc",
    "tasks": 31,
    "open_tasks": 7,
    "version": 2,
    "created_at": _AT,
    "updated_at": _LATER,
}
_SERIES_REQUEST: Final = {
    "title": "Pay the rent of {month_name}",
    "priority": "high",
    "tags": ["bank", "home"],
    "rrule": "FREQ=MONTHLY;BYDAY=-1TU",
    "start_date": "2026-03-31",
    "due_time": "09:00",
    "timezone": "Europe/Berlin",
    "reminders": [{"offset_minutes": -60}],
}
_SERIES: Final = {
    "id": "0190a6e0-1c5f-7c3e-9c1e-3f1f6f0d8a22",
    "title": "Pay the rent of {month_name}",
    "description": "",
    "priority": "high",
    "priority_id": 3,
    "tags": ["bank", "home"],
    "reminders": [{"offset_minutes": -60}],
    "recurrence_type": "monthly",
    "recurrence_interval": 1,
    "rrule": "FREQ=MONTHLY;BYDAY=-1TU",
    "text": "every month on the last Tuesday at 09:00",
    "start_date": "2026-03-31",
    "due_time": "09:00:00",
    "timezone": "Europe/Berlin",
    "end_date": None,
    "exdates": [],
    "rdates": [],
    "moved": {"2026-04-28T09:00:00": "2026-04-29T10:30:00"},
    "trigger": "calendar",
    "count_from": "due_date",
    "create_ahead": 0,
    "catch_up": "all",
    "is_active": True,
    "next_due_at": "2026-03-31",
    "next_occurrence_at": "2026-03-31T07:00:00Z",
    "last_created_at": None,
    "left_out": 0,
    "last_error": "",
    "version": 2,
    "created_at": _AT,
    "updated_at": _LATER,
}
_REMINDER: Final = {
    "id": 815,
    "task_id": 4711,
    "at": None,
    "offset_minutes": -30,
    "fire_at": "2026-03-03T07:30:00Z",
    "state": "scheduled",
    "created_at": _AT,
    "settled_at": None,
}

# Component → what one looks like.
EXAMPLES: Final[dict[str, Any]] = {
    "Account": {
        "id": "0190a6e0-1c5f-7c3e-9c1e-3f1f6f0d8a11",
        "email": "alice@example.com",
        "timezone": "Europe/Berlin",
        "locale": "en",
        "created_at": _AT,
    },
    "Agenda": {
        "items": [
            {
                "occurrence": "2026-03-31T09:00:00",
                "local": "2026-03-31T09:00:00",
                "at": "2026-03-31T07:00:00Z",
                "skipped": False,
                "moved": False,
                "task_id": 4711,
            },
            {
                "occurrence": "2026-04-28T09:00:00",
                "local": "2026-04-29T10:30:00",
                "at": "2026-04-29T08:30:00Z",
                "skipped": False,
                "moved": True,
                "task_id": None,
            },
        ],
        "truncated": False,
    },
    "BulkRequest": {
        "atomic": False,
        "operations": [
            {"op": "create", "task": {"title": "Buy milk"}},
            {"op": "update", "id": 4711, "version": 1, "task": {"priority": "urgent"}},
            {"op": "complete", "id": 4712},
        ],
    },
    "CredentialsRequest": {"email": "alice@example.com", "password": _PASSWORD},
    "ErasureRequest": {"password": _PASSWORD},
    "History": {
        "id": "0190a6e0-1c5f-7c3e-9c1e-3f1f6f0d8a12",
        "type": "task.updated.v1",
        "created_at": _LATER,
        "actor": "you",
        "actor_id": "0190a6e0-1c5f-7c3e-9c1e-3f1f6f0d8a11",
        "version": 2,
        "changed": ["priority"],
        "changes": {"priority": {"from": "high", "to": "urgent"}},
    },
    "MergeRequest": {"into": 13},
    "Notification": {
        "id": 99,
        "task_id": 4711,
        "kind": "reminder",
        "channel": "email",
        "destination": "alice@example.com",
        "subject": "Reminder: Pay the rent",
        "body": "Pay the rent\nDue 2026-03-03 09:00 (Europe/Berlin)",
        "status": "sent",
        "fire_at": "2026-03-03T07:30:00Z",
        "late": False,
        "not_before": "2026-03-03T07:30:00Z",
        "attempts": 1,
        "error": "",
        "created_at": "2026-03-03T07:30:00.412Z",
        "sent_at": "2026-03-03T07:30:00.608Z",
        "read_at": None,
    },
    "MoveRequest": {"occurrence": "2026-04-28", "to": "2026-04-29T10:30:00"},
    "PasswordRequest": {"current": _PASSWORD, "new": "some other words of your own"},
    "PatchedAccountRequest": {"timezone": "Europe/Berlin"},
    "PatchedRecurringTaskRequest": {"recurrence_interval": 2, "end_date": "2026-12-31"},
    "PatchedTagRequest": {"color": "#3366cc"},
    "PatchedTaskRequest": {"priority": "urgent", "due_date": "2026-03-05"},
    "PreviewRequest": {
        "start": "2026-03-31T09:00:00",
        "timezone": "Europe/Berlin",
        "rrule": "FREQ=MONTHLY;BYDAY=-1TU",
        "count": 2,
        "exdates": ["2026-04-28"],
    },
    "Previewed": {
        "occurrences": ["2026-03-31T07:00:00Z", "2026-05-26T07:00:00Z"],
        "text": "every month on the last Tuesday at 09:00",
        "reason": None,
    },
    "RecurringTask": _SERIES,
    "RecurringTaskRequest": _SERIES_REQUEST,
    "RefreshRequest": {"refresh": "eyJhbGciOiJIUzI1NiIs…"},
    "Registration": {"email": "alice@example.com", "timezone": "Europe/Berlin"},
    "RegistrationRequest": {
        "email": "alice@example.com",
        "password": _PASSWORD,
        "timezone": "Europe/Berlin",
    },
    "Reminder": _REMINDER,
    "ReminderRequest": {"offset_minutes": -30},
    "Report": {
        "created": 31,
        "skipped": 2,
        "kept": {"RRULE": 3, "VALARM": 5},
        "not_understood": {"LOCATION": 4},
        "dry_run": False,
    },
    "Results": {
        "results": [
            {"index": 0, "op": "create", "status": 201, "task": _TASK},
            {
                "index": 1,
                "op": "complete",
                "status": 404,
                "errors": {"id": ["There is nothing here."]},
            },
        ],
        "succeeded": 1,
        "failed": 1,
    },
    "SkipRequest": {"occurrence": "2026-04-28"},
    "SplitRequest": {"occurrence": "2026-06-30", "due_time": "10:30", "tags": ["bank"]},
    "Tag": _TAG,
    "TagRequest": {"name": "home", "color": "#3366cc"},
    "Task": _TASK,
    "TaskRequest": _TASK_REQUEST,
    "TokenPair": {"access": "eyJhbGciOiJIUzI1NiIs…", "refresh": "eyJhbGciOiJIUzI1NiIs…"},
}

_DETAILS: Final = {
    HTTPStatus.BAD_REQUEST: "Some fields are not valid.",
    HTTPStatus.UNAUTHORIZED: "Authentication credentials were not provided.",
    HTTPStatus.NOT_FOUND: "There is nothing here.",
    HTTPStatus.NOT_ACCEPTABLE: "Could not satisfy the request Accept header.",
    HTTPStatus.CONFLICT: "The first request with this Idempotency-Key is still under way.",
    HTTPStatus.PRECONDITION_FAILED: "Somebody has changed this since. Look at `current`, and decide"
    " again.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body may have 1,048,576 bytes at the most.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: 'Unsupported media type "text/plain" in request.',
    HTTPStatus.UNPROCESSABLE_ENTITY: "This Idempotency-Key was used for another request.",
    HTTPStatus.TOO_MANY_REQUESTS: "This address sends too many requests.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database does not answer. Try again in a moment.",
}
_MORE: Final[dict[HTTPStatus, dict[str, Any]]] = {
    HTTPStatus.BAD_REQUEST: {"errors": {"title": ["This field may not be blank."]}},
    HTTPStatus.PRECONDITION_FAILED: {"version": 1, "current": _TASK},
}


def problem(code: HTTPStatus) -> dict[str, Any]:
    """A problem document of this status."""
    head = {"type": "about:blank", "title": code.phrase, "status": code.value}
    return head | {"detail": _DETAILS[code]} | _MORE.get(code, {})
