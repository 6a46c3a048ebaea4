"""What the OpenAPI document says of accounts."""

from typing import Any

import pytest
from rest_framework.test import APIClient


@pytest.fixture
def document(stranger: APIClient) -> dict[str, Any]:
    answer: Any = stranger.get("/api/openapi", HTTP_ACCEPT="application/vnd.oai.openapi+json")
    return dict(answer.json())


@pytest.mark.parametrize(
    ("verb", "path", "success", "problems"),
    [
        ("post", "/api/auth/register", "201", {"400", "429"}),
        ("post", "/api/auth/token", "200", {"400", "401", "429"}),
        ("post", "/api/auth/token/refresh", "200", {"400", "401"}),
        ("post", "/api/auth/token/revoke", "204", {"400", "401"}),
        ("post", "/api/auth/password", "204", {"400", "401", "429"}),
        ("get", "/api/me", "200", {"401"}),
        ("put", "/api/me", "200", {"400", "401"}),
        ("patch", "/api/me", "200", {"400", "401"}),
    ],
)
def test_every_answer_is_described(
    document: dict[str, Any], verb: str, path: str, success: str, problems: set[str]
) -> None:
    responses = document["paths"][path][verb]["responses"]
    assert success in responses
    assert problems <= responses.keys()
    for status in responses.keys() - {success}:
        assert list(responses[status]["content"]) == ["application/problem+json"]


def test_tokens_are_answers_and_not_asked_for(document: dict[str, Any]) -> None:
    operation = document["paths"]["/api/auth/token"]["post"]
    asked = _schema(document, operation["requestBody"])
    given = _schema(document, operation["responses"]["200"])
    assert set(asked["properties"]) == {"email", "password"}
    assert set(given["properties"]) == {"access", "refresh"}


def test_the_password_is_no_part_of_the_answer(document: dict[str, Any]) -> None:
    operation = document["paths"]["/api/auth/register"]["post"]
    assert set(_schema(document, operation["responses"]["201"])["properties"]) == {
        "email",
        "timezone",
    }


def test_a_change_may_leave_everything_out(document: dict[str, Any]) -> None:
    for verb in ("put", "patch"):
        schema = _schema(document, document["paths"]["/api/me"][verb]["requestBody"])
        assert set(schema["properties"]) == {"timezone", "locale"}
        assert not schema.get("required")


def test_only_the_public_doors_need_no_bearer(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert document["paths"]["/api/me"]["get"]["security"] == [{"bearer": []}]
    assert not document["paths"]["/api/auth/token"]["post"].get("security")


def _schema(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    reference = part["content"]["application/json"]["schema"]["$ref"]
    schema: dict[str, Any] = document["components"]["schemas"][reference.rsplit("/", 1)[1]]
    return schema
