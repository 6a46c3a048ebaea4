"""Pages that go on where the last one ended, by the values that the list is sorted by.

(Keyset pagination: each page costs the same, however far it is from the first.)
"""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.core import signing
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from rest_framework.exceptions import ValidationError

LONGEST: Final = 4_000  # characters, behind the longest title in the rarest of signs
_SALT: Final = "cursor"


def page(
    rows: QuerySet[Any], cursor: str, *, limit: int, scope: str
) -> tuple[list[Any], str | None]:
    """The rows after `cursor` (from the first when it is empty), and the next page's cursor.

    A cursor is good for the list of its `scope` in its order: another one raises ValidationError.
    """
    keys = [_key(by) for by in rows.query.order_by]
    if any(name == "relevance" for name, _ in keys):
        raise _refusal("A search has cursors when `sort_by` gives it an order.")
    order = [f"{'-' if descending else ''}{name}" for name, descending in keys]
    if cursor:
        rows = rows.filter(_after(keys, _values(cursor, [scope, *order])))
    found = list(rows[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = [_plain(getattr(found[limit - 1], name)) for name, _ in keys]
    return found[:limit], signing.dumps([[scope, *order], last], salt=_SALT, compress=True)


def _key(by: Any) -> tuple[str, bool]:
    if isinstance(by, str):
        return by.removeprefix("-"), by.startswith("-")
    field: Any = getattr(by, "expression", None)
    if isinstance(by, OrderBy) and isinstance(field, F):
        return str(vars(field)["name"]), by.descending
    raise TypeError(f"a list sorted by {by!r} has no cursors")


def _values(cursor: str, meant: list[str]) -> list[Any]:
    try:
        said, values = signing.loads(cursor, salt=_SALT)
    except signing.BadSignature:
        raise _refusal("This is no cursor of ours.") from None
    if said != meant:
        raise _refusal("This cursor is of another list or another order.")
    return [_moment(value) for value in values]


def _after(keys: list[tuple[str, bool]], values: list[Any]) -> Q:
    """Rows with the same first values and a later next one; what has no value comes last."""
    found, same = Q(pk__in=[]), Q()
    for (name, descending), value in zip(keys, values, strict=True):
        if value is None:
            same &= Q(**{name: None})
            continue
        later = Q(**{f"{name}__{'lt' if descending else 'gt'}": value}) | Q(**{name: None})
        found |= same & later
        same &= Q(**{name: value})
    return found


def _plain(value: Any) -> Any:
    """In JSON; what a field reads from text becomes text."""
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return str(value) if isinstance(value, date | UUID) else value


def _moment(value: Any) -> Any:
    return datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value


def _refusal(message: str) -> ValidationError:
    return ValidationError({"cursor": [message]})
