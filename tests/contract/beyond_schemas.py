"""Which answers a schema of the OpenAPI document cannot foresee, since no schema says it all."""

import re
from collections.abc import Iterator
from typing import Any

from schemathesis import Case, CheckFunction, Response
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
    use_after_free,
)

# What no schema can say of a body: how its fields go together, and what is too weak or too blank.
RULES = [
    "This field may not be blank.",
    "Give `due_date` or `due_at`, not both.",
    "Only a task with `due_at` has a zone.",
    "This is another priority than `priority` names.",
    "Give either `at` or `offset_minutes`.",
    "This task is closed; reopen it first.",
    "This time has already passed.",
    "A task may have 20 reminders at the most.",
    "This is no cursor of ours.",
    "A cursor has none.",
    "A search has cursors when .*",
    "Name each once.",
    "Give one order, or one for each field of `sort_by`.",
    "Give one of today, .*",  # a date that there never was
    "The first day comes after the last.",
    "Give a date between .*",
    "You have a tag “.*” already.",
    "A tag can't be merged into itself.",
    "You have no such tag.",
    "This is not your address.",
    "This is not your password.",
    "The password is too similar to the email.",
    "This password is too common.",
]
# What no schema can say of a schedule: how a rule goes with a start, a zone and dates, and whether
# it gives anything; what can be done with one occurrence, and when.
RULES_OF_SERIES = [
    *RULES,
    "Give it,? or `(recurrence_type|rrule)`.*",
    "Give a whole number from 1 to 52.",
    "[A-Z]+: .*",
    ".* never meets? .*",
    "BYSETPOS asks for a position that no .* has.",
    "The rule gives nothing from .*",
    "The exdates take every occurrence away.",
    "The first occurrence would be .*",
    "It (lies|is|comes) before .*",
    "Give dates throughout, or dates with times throughout.",
    "Give dates between .*",
    "There is no such day or time.",
    "Write .* for a brace that is meant.",
    "“.*” is none of .*",
    "With a long date it has more than 500 characters.",
    "The series has no such occurrence.",
    "The series begins with this one: change the series itself.",
    "The rule has come to its end before it: change this one alone.",
    "Give a day( and time)?, as the series has.",
    "It is behind the end of the series.",
    "It is over.",
    "Its task is over.",
    "This day is over.",
    "It has no task yet, .*",
    "It is paused; resume it first.",
    "It has come to its end.",
    "The next task comes when the one that is open is done.",
    "A task that recurs needs .*",
    "The first task of a series is still to be done.",
]
# An operation of many is described once, whatever it does.
RULES_OF_BULK = [
    *RULES,
    "This operation needs it.",
    "This operation does not take it.",
    "There is nothing here.",
    "This field is required.",
    "This field may not be null.",
]


def excused(case: Case[Any], answer: Response) -> list[CheckFunction]:
    """The checks that would take a schema for all there is to say."""
    excuses = {
        positive_data_acceptance: _is_stale(answer) or _breaks_rules(case, answer),
        negative_data_rejection: _has_blanks_around(case.body) or _refused_in_part(answer),
        use_after_free: case.path.endswith("/events"),  # history outlives what it tells of
    }
    return [check for check, holds in excuses.items() if holds]


def _is_stale(answer: Response) -> bool:
    """Whether the precondition of a random `If-Match` failed, as it should."""
    return answer.status_code == 412


def _breaks_rules(case: Case[Any], answer: Response) -> bool:
    if answer.status_code != 400:
        return False
    errors = answer.json().get("errors", {})
    if case.path.endswith("/import"):
        return set(errors) == {"file"}  # the document knows files as bytes
    refused = set(_messages(errors))
    rules = "|".join(_rules_of(case))
    return bool(refused) and all(re.fullmatch(rules, one, re.DOTALL) for one in refused)


def _rules_of(case: Case[Any]) -> list[str]:
    if case.path.endswith("/bulk"):
        return RULES_OF_BULK
    recurs = isinstance(case.body, dict) and "recurrence" in case.body
    return RULES_OF_SERIES if recurs or "/recurring-tasks" in case.path else RULES


def _has_blanks_around(body: Any) -> bool:
    """A text that is too long may fit without the blanks around it, which are no part of it."""
    texts = body.values() if isinstance(body, dict) else ()
    return any(isinstance(text, str) and text != text.strip() for text in texts)


def _refused_in_part(answer: Response) -> bool:
    """Many operations each for itself: what is wrong with one is told in its result."""
    return b'"failed":' in answer.content and answer.json()["failed"] > 0


def _messages(errors: Any) -> Iterator[str]:
    if isinstance(errors, str):
        yield errors
    else:
        for inner in errors.values() if isinstance(errors, dict) else errors:
            yield from _messages(inner)
