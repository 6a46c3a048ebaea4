"""The OpenAPI document, and its page."""

import io
import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    answer: Any = Client().get("/api/openapi", HTTP_ACCEPT="application/vnd.oai.openapi+json")
    assert answer.status_code == 200
    parsed: dict[str, Any] = answer.json()
    return parsed


def test_the_document_is_valid_and_complete() -> None:
    """drf-spectacular warns of whatever it could not describe."""
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=io.StringIO())


def test_every_error_is_a_problem_document(document: dict[str, Any]) -> None:
    for place, operation in _operations(document):
        errors = {code: said for code, said in operation["responses"].items() if code >= "400"}
        assert errors, place
        for code, said in errors.items():
            assert list(said["content"]) == ["application/problem+json"], (place, code)
            schema = said["content"]["application/problem+json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}, (place, code)


def test_every_operation_says_what_may_go_wrong(document: dict[str, Any]) -> None:
    for place, operation in _operations(document):
        codes = operation["responses"].keys()
        if "requestBody" in operation:
            assert {"400", "413", "415"} <= codes, place
        if "{" in place:
            assert "404" in codes, place
        if {"bearer": []} in operation.get("security", []):
            assert "401" in codes, place


@pytest.mark.django_db
def test_a_task_is_answered_as_documented(
    document: dict[str, Any], api: APIClient, alice: User
) -> None:
    answer: Any = api.post("/api/tasks", {"title": "Pay the rent"})

    assert answer.json().keys() == document["components"]["schemas"]["Task"]["properties"].keys()


def test_the_docs_need_nothing_from_elsewhere() -> None:
    answer = Client().get("/api/docs", HTTP_ACCEPT="text/html,application/xhtml+xml,*/*;q=0.8")

    assert answer.status_code == 200
    html = answer.content.decode()
    loaded = re.findall(r"""<(?:script|link|img)[^>]+?(?:src|href)=["']([^"']+)""", html)
    files = [address for address in loaded if not address.startswith(("data:", "/api/"))]
    assert files
    for address in files:
        assert address.startswith("/static/"), address
        assert finders.find(address.removeprefix("/static/").partition("?")[0]), address


def _operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]
