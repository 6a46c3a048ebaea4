"""Whatever a client sends, the answer names the fault, and nothing is written.

Foreign ids are in tests/tasks/test_ownership.py, forged tokens in tests/accounts.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tasks_app.models import Task
from tests.contract import problems

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_written")]

JSON = "application/json"
MIB = 1024 * 1024

NOT_A_DOCUMENT = {
    "nothing": b"",
    "blanks": b"  ",
    "half": b'{"title": "Pay',
    "two documents": b"{} {}",
    "single quotes": b"{'title': 'x'}",
    "a comment": b'{"title": "x"} // really',
    "not a number": b'{"priority_id": NaN}',
    "infinite": b'{"priority_id": 1e999}',
    "half a surrogate pair": rb'{"title": "\ud800"}',
    "Latin-1": '{"title": "Müll"}'.encode("latin-1"),
    "UTF-16": '{"title": "x"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"title": "x"}',
    "an overlong NUL": b'{"title": "\xc0\x80"}',
    "a bare NUL": b'{"title": "\x00"}',
    "too deep": b'{"title":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
}
NOT_AN_OBJECT = [b"null", b"[]", b'[{"title": "x"}]', b'"title"', b"5", b"true"]

NO_TEXT = [5, 1.5, True, [], ["x"], {}, {"x": "y"}]
NO_DATE = ["", "tomorrow", "2026-02-30", "2026-13-01", "01/03/2026", 20260301, True, ["2026-03-01"]]
OUT_OF_RANGE = ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"]
BAD_FIELDS: list[tuple[str, list[Any]]] = [
    ("title", [None, "", "   ", "\u2003\t\n", "x" * 501, "nul\0", *NO_TEXT]),
    ("description", [None, "x" * 10_001, "nul\0", *NO_TEXT]),
    ("status", [None, "", "done", "Pending", "pending\0", *NO_TEXT]),
    ("priority", [None, "", "High", "5", 3, "high\0", *NO_TEXT]),
    (
        "priority_id",
        [None, 0, 5, -1, 2.5, 1e300, 10**30, -(2**63), True, "3", "", "\0", [], {}],
    ),
    (
        "tags",
        [None, "home", 5, True, {}, [""], [" "], ["x" * 51], ["nul\0"], [5], [None], [["a"]], [{}]],
    ),
    ("tags", [[str(number) for number in range(51)]]),
    ("due_date", [*NO_DATE, *OUT_OF_RANGE, "2026-03-01T09:00:00Z", "2026-03-01\0"]),
    (
        "due_at",
        [*NO_DATE, "2026-03-01T09:00:00", "2026-03-01", "2026-03-01T25:00:00Z", 1772355600],
    ),
    ("due_at", ["2026-03-01T09:00:00Z\0", "2026-03-01T09:00:00+99:00"]),
    ("due_at", [f"{day}T12:00:00Z" for day in OUT_OF_RANGE]),
    ("due_at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]),
    ("due_timezone", ["Mars/Olympus", "europe/berlin", "../../etc/passwd", "CEST+\0", *NO_TEXT]),
]
UNKNOWN = ["user", "user_id", "owner", "detail", "__proto__", "titel", "Title", "", "nul\0", "due"]
BAD_VALUES = [(field, value) for field, values in BAD_FIELDS for value in values]


@pytest.mark.parametrize("body", NOT_A_DOCUMENT.values(), ids=NOT_A_DOCUMENT)
def test_a_body_that_is_not_json_is_a_400(api: APIClient, task: Task, body: bytes) -> None:
    created: Any = _raw(api, "POST", "/api/tasks", body)
    changed: Any = _raw(api, "PUT", f"/api/tasks/{task.pk}", body or b" ", JSON)

    if body:  # no body at all is a document that lacks its fields
        problems.check(created, 400)
    else:
        problems.check(created, 400, "title")
    problems.check(changed, 400)


@pytest.mark.parametrize("body", NOT_AN_OBJECT)
def test_a_body_that_is_not_an_object_is_a_400(api: APIClient, task: Task, body: bytes) -> None:
    for answer in (
        _raw(api, "POST", "/api/tasks", body),
        _raw(api, "PATCH", f"/api/tasks/{task.pk}", body),
        _raw(api, "PUT", f"/api/tasks/{task.pk}", body),
    ):
        problems.check(answer, 400, "non_field_errors")


@pytest.mark.parametrize(("field", "value"), BAD_VALUES, ids=lambda part: ascii(part)[:40])
def test_a_bad_value_is_a_400_that_names_its_field(
    api: APIClient, task: Task, field: str, value: Any
) -> None:
    body = {"due_at": "2026-03-01T09:00:00Z"} if field == "due_timezone" else {}
    body = {"title": "Pay the rent", **body, field: value}

    problems.check(_send(api, "POST", "/api/tasks", body), 400, field)
    if value is not None or field in ("title", "status"):  # null takes the others away
        problems.check(_send(api, "PATCH", f"/api/tasks/{task.pk}", body), 400, field)


@pytest.mark.parametrize("name", UNKNOWN, ids=ascii)
def test_an_unknown_field_is_a_400_that_names_it(api: APIClient, task: Task, name: str) -> None:
    body = {"title": "Pay the rent", name: "x"}

    problems.check(_send(api, "POST", "/api/tasks", body), 400, name)
    problems.check(_send(api, "PUT", f"/api/tasks/{task.pk}", body), 400, name)


def test_all_bad_fields_are_named_at_once(api: APIClient) -> None:
    body = {"titel": "x", "status": "done", "due_date": "2026-02-30", "tags": ["a", ""]}

    answer = _send(api, "POST", "/api/tasks", body)

    found = problems.check(answer, 400, "title", "titel", "status", "due_date", "tags")
    assert list(found["errors"]["tags"]) == ["1"]


def test_priorities_that_disagree_are_a_400(api: APIClient) -> None:
    body = {"title": "x", "priority": "high", "priority_id": 1}

    problems.check(_send(api, "POST", "/api/tasks", body), 400, "priority_id")


@pytest.mark.parametrize("size", [MIB + 1, 30 * MIB])
def test_a_body_over_the_limit_is_a_413(api: APIClient, task: Task, size: int) -> None:
    body = b'{"title": "' + b"x" * size + b'"}'

    problems.check(_raw(api, "POST", "/api/tasks", body), 413)
    problems.check(_raw(api, "PUT", f"/api/tasks/{task.pk}", body), 413)
    problems.check(_raw(APIClient(), "POST", "/api/auth/token", body), 413)


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json/really",
        "\xff",
    ],
)
def test_a_body_of_another_type_is_a_415(api: APIClient, task: Task, kind: str) -> None:
    body = b'{"title": "x"}'

    problems.check(_raw(api, "POST", "/api/tasks", body, kind), 415)
    problems.check(_raw(api, "PATCH", f"/api/tasks/{task.pk}", body, kind), 415)


@pytest.mark.parametrize("accept", ["application/xml", "text/html", "image/*", "x", "a/b/c"])
def test_an_answer_in_another_type_is_a_406(api: APIClient, accept: str) -> None:
    problems.check(api.get("/api/tasks", HTTP_ACCEPT=accept), 406)
    problems.check(api.post("/api/tasks", {"title": "x"}, HTTP_ACCEPT=accept), 406)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/api/tasks"),
        ("PATCH", "/api/tasks"),
        ("TRACE", "/api/tasks"),
        ("BREW", "/api/tasks"),
        ("POST", "/api/tasks/{id}"),
        ("GET", "/api/tasks/{id}/complete"),
        ("GET", "/api/auth/token"),
        ("POST", "/api/me"),
    ],
)
def test_a_method_that_does_not_fit_is_a_405(
    api: APIClient, task: Task, method: str, path: str
) -> None:
    answer = api.generic(method, path.format(id=task.pk))

    problems.check(answer, 405)
    assert answer.headers["Allow"]


@pytest.mark.parametrize(
    "id",
    ["0", "-1", "x", "1.0", "1e3", "%00", "%C2%B2", "%EF%BC%91", "9" * 19, "9" * 400, "%2e%2e"],
)
def test_an_id_that_cannot_be_is_a_404(api: APIClient, id: str) -> None:
    for method, suffix in [("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/complete")]:
        problems.check(_send(api, method, f"/api/tasks/{id}{suffix}", {"title": "x"}), 404)
    problems.check(api.get(f"/api/tasks/{id}/reminders"), 404)


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/tasks/", "/api/%00"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_path_that_is_not_there_is_a_404(method: str, path: str) -> None:
    problems.check(Client(enforce_csrf_checks=True).generic(method, path), 404)


@pytest.mark.parametrize("path", ["/api/tasks?tag=%00", "/api/tasks?%00=1", "/api/tasks?limit=%00"])
def test_a_nul_in_the_query_is_a_400(api: APIClient, path: str) -> None:
    answer: Any = api.get(path)

    problems.check(answer, 400, *answer.json()["errors"])


@pytest.mark.parametrize(
    "query", ["tag=%ff", "tag=%ED%A0%80", "&&&", "=", "tag", "limit=1&limit=x", "%", "tag=" * 2000]
)
def test_an_odd_query_is_no_500(api: APIClient, query: str) -> None:
    assert api.get(f"/api/tasks?{query}").status_code in (200, 400)


def test_a_thousand_parameters_too_many_are_a_400(api: APIClient) -> None:
    answer = api.get("/api/tasks?" + "&".join(f"p{number}=1" for number in range(1500)))

    problems.check(answer, 400)


def test_a_host_that_is_not_ours_is_a_400(api: APIClient) -> None:
    problems.check(api.get("/api/tasks", HTTP_HOST="evil.example"), 400)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Bearer a.b.c", "Basic YTpi"])
def test_without_a_good_token_everything_is_a_401(task: Task, header: str) -> None:
    stranger = APIClient(HTTP_AUTHORIZATION=header)
    for method, path in [
        ("GET", "/api/tasks"),
        ("POST", "/api/tasks"),
        ("PUT", f"/api/tasks/{task.pk}"),
        ("DELETE", f"/api/tasks/{task.pk}"),
        ("POST", f"/api/tasks/{task.pk}/complete"),
        ("GET", "/api/tasks/9999"),
        ("GET", "/api/reminders"),
        ("GET", "/api/notifications"),
        ("GET", "/api/me"),
    ]:
        answer = _raw(stranger, method, path, b"not even JSON")
        problems.check(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def _send(api: APIClient, method: str, path: str, body: Any) -> Any:
    return _raw(api, method, path, json.dumps(body).encode())


def _raw(api: APIClient, method: str, path: str, body: bytes, kind: str = JSON) -> Any:
    send: Callable[..., Any] = api.generic  # the stubs know no bytes
    return send(method, path, body, kind)


@pytest.mark.parametrize("move", ["complete", "reopen", "cancel"])
def test_a_move_takes_no_body_that_says_anything(api: APIClient, task: Task, move: str) -> None:
    def post(body: str, kind: str = JSON) -> Any:
        return api.generic("POST", f"/api/tasks/{task.pk}/{move}", body, content_type=kind)

    problems.check(post("{bad"), 400)
    problems.check(post('{"title": "x"}'), 400, "title")
    problems.check(post("x=1", "text/plain"), 415)
