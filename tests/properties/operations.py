"""Whatever a client may ask of tasks and tags, drawn at random, and how to ask it."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from rest_framework.test import APIClient

MOVES = ("complete", "reopen", "cancel")
TAGS = ("home", "work", "garden")
NEVER = 999_999_999


@dataclass
class Known:
    """The ids that clients have heard of, those that are gone among them."""

    tasks: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Operation:
    """`which` chooses the task or the tag, `other` a second one."""

    verb: str
    which: int
    other: int
    body: Any
    if_match: str | None
    key: str | None


# Few values, so that a change often changes nothing.
DUE = [
    {"due_date": None},
    {"due_date": "2026-05-01"},
    {"due_at": None},
    {"due_at": "2026-05-01T09:00:00Z"},
    {"due_at": "2026-05-01T23:30:00Z", "due_timezone": "Asia/Tokyo"},
    {"due_timezone": "America/Lima"},
]
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["Pay the rent", "Call Bo", "  Call Bo "]),
        "description": st.sampled_from(["", "Soon"]),
        "status": st.sampled_from(["pending", "in_progress", "completed", "cancelled"]),
        "priority_id": st.integers(1, 4),
        "tags": st.lists(st.sampled_from(TAGS), max_size=3),
    },
)
CHANGES = st.builds(lambda fields, due: fields | due, FIELDS, st.sampled_from([{}, *DUE]))
TASKS = st.builds(lambda fields: {"title": "New"} | fields, CHANGES)
TAG_CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from([*TAGS, "shed"]),
        "color": st.sampled_from([None, "#00ff00", "#00FF00"]),
    },
)
PARTS = st.lists(
    st.tuples(st.sampled_from(["create", "update", "delete", *MOVES]), st.integers(0, 9), TASKS),
    min_size=1,
    max_size=6,
)
BODIES = {
    "create": TASKS,
    "patch": CHANGES,
    "put": CHANGES,
    "delete": st.none(),
    **dict.fromkeys(MOVES, st.none()),
    "bulk": st.tuples(st.booleans(), PARTS),
    "create tag": TAG_CHANGES.map(lambda fields: {"name": "home"} | fields),
    "patch tag": TAG_CHANGES,
    "delete tag": st.none(),
    "merge tag": st.none(),
}
OPERATIONS = st.sampled_from(sorted(BODIES)).flatmap(
    lambda verb: st.builds(
        Operation,
        verb=st.just(verb),
        which=st.integers(0, 9),
        other=st.integers(0, 9),
        body=BODIES[verb],
        if_match=st.sampled_from([None, None, None, "current", '"1"', "*"]),
        key=st.sampled_from([None, None, None, "first", "second"]),
    )
)


def ask(api: APIClient, known: Known, wanted: Operation) -> Any:
    """The answer; what it makes is known from then on."""
    method, path, body = _request(known, wanted)
    headers = {}
    if wanted.if_match:
        tag = api.get(path).headers.get("ETag") if wanted.if_match == "current" else wanted.if_match
        headers["if-match"] = tag or '"1"'
    if wanted.key and method == "post":
        headers["idempotency-key"] = wanted.key
    answer: Any = getattr(api, method)(path, body, headers=headers)
    _learn(known, wanted, answer)
    return answer


def _request(known: Known, wanted: Operation) -> tuple[str, str, Any]:
    task = f"/api/tasks/{_one(known.tasks, wanted.which)}"
    tag = f"/api/tags/{_one(known.tags, wanted.which)}"
    match wanted.verb:
        case "create":
            return "post", "/api/tasks", wanted.body
        case "patch" | "put" | "delete":
            return wanted.verb, task, wanted.body
        case "bulk":
            return "post", "/api/tasks/bulk", _bulk(known, *wanted.body)
        case "create tag":
            return "post", "/api/tags", wanted.body
        case "patch tag" | "delete tag":
            return wanted.verb.removesuffix(" tag"), tag, wanted.body
        case "merge tag":
            return "post", f"{tag}/merge", {"into": _one(known.tags, wanted.other)}
    return "post", f"{task}/{wanted.verb}", wanted.body


def _bulk(known: Known, atomic: bool, parts: Any) -> dict[str, Any]:
    operations = []
    for verb, which, fields in parts:
        one = {"op": verb}
        if verb != "create":
            one["id"] = _one(known.tasks, which)
        if verb in ("create", "update"):
            one["task"] = fields
        operations.append(one)
    return {"atomic": atomic, "operations": operations}


def _one(ids: list[int], which: int) -> int:
    return ids[which % len(ids)] if ids else NEVER


def _learn(known: Known, wanted: Operation, answer: Any) -> None:
    if answer.status_code == 201:
        (known.tags if "tag" in wanted.verb else known.tasks).append(answer.json()["id"])
    if wanted.verb == "bulk" and answer.status_code == 200:
        made = [one["task"]["id"] for one in answer.json()["results"] if one["status"] == 201]
        known.tasks.extend(made)
