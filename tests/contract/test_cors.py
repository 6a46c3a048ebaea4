"""A front end on another origin: those on the list, and nobody else."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests.contract import problems

pytestmark = pytest.mark.django_db

FRONT = "https://app.example.com"


@pytest.fixture(autouse=True)
def listed(settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = [FRONT]


def test_a_preflight_needs_no_token_and_says_what_is_allowed() -> None:
    answer = Client().options(
        "/api/tasks/1",
        HTTP_ORIGIN=FRONT,
        HTTP_ACCESS_CONTROL_REQUEST_METHOD="PATCH",
        HTTP_ACCESS_CONTROL_REQUEST_HEADERS="authorization,if-match",
    )

    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == FRONT
    assert {"PATCH", "DELETE"} <= set(answer["Access-Control-Allow-Methods"].split(", "))
    allowed = set(answer["Access-Control-Allow-Headers"].split(", "))
    assert {"authorization", "if-match", "idempotency-key", "content-type"} <= allowed
    assert int(answer["Access-Control-Max-Age"]) > 0
    assert "Access-Control-Allow-Credentials" not in answer


def test_answers_can_be_read_with_their_headers(api: APIClient) -> None:
    answer: Any = api.post("/api/tasks", {"title": "x"}, HTTP_ORIGIN=FRONT)

    assert answer["Access-Control-Allow-Origin"] == FRONT
    exposed = set(answer["Access-Control-Expose-Headers"].split(", "))
    assert {"ETag", "RateLimit", "Retry-After", "X-Request-ID"} <= exposed


def test_refusals_can_be_read_too(api: APIClient) -> None:
    too_large: Any = api.post(
        "/api/tasks", b"x" * 2_000_000, content_type="application/json", HTTP_ORIGIN=FRONT
    )
    nobody: Any = APIClient().get("/api/tasks", HTTP_ORIGIN=FRONT)

    for answer, status in ((too_large, 413), (nobody, 401)):
        problems.check(answer, status)
        assert answer["Access-Control-Allow-Origin"] == FRONT


@pytest.mark.parametrize(
    ("path", "origin"),
    [
        ("/api/tasks", "https://evil.example.com"),
        ("/api/tasks", "http://app.example.com"),
        ("/api/tasks", "https://app.example.com.evil.com"),
        ("/api/tasks", "null"),
        ("/admin/login/", FRONT),
        ("/health", FRONT),
    ],
)
def test_nobody_else_is_allowed(api: APIClient, path: str, origin: str) -> None:
    answer: Any = api.get(path, HTTP_ORIGIN=origin)

    assert not [name for name in answer.headers if name.startswith("Access-Control")]
