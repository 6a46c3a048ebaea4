"""The OpenAPI document, and its page."""

import io
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import yaml
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from todo_project import openapi_door

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


def test_the_document_is_made_once_and_had_in_two_formats() -> None:
    def made() -> int:
        return openapi_door.rendered.cache_info().misses

    for kind in ("application/vnd.oai.openapi+json", "application/vnd.oai.openapi"):
        first: Any = Client().get("/api/openapi", HTTP_ACCEPT=kind)
        before = made()
        again: Any = Client().get("/api/openapi", HTTP_ACCEPT=kind)
        assert (made(), again.content) == (before, first.content)
        assert first["Content-Type"] == kind
        assert yaml.safe_load(first.content)["openapi"] == "3.1.0"


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


def test_every_operation_says_what_its_limits_are(document: dict[str, Any]) -> None:
    for place, operation in _operations(document):
        answers = operation["responses"]
        for code in [code for code in answers if code < "300"] + ["429"]:
            assert {"RateLimit", "RateLimit-Policy"} <= answers[code]["headers"].keys(), place
        assert "Retry-After" in answers["429"]["headers"], place


def test_everything_sent_has_an_example_that_fits(document: dict[str, Any]) -> None:
    for place, operation in _operations(document):
        for schema in _schemas_of_json(operation):
            name = _named_in(schema)
            assert name, f"{place} has a schema without a name"
            assert document["components"]["schemas"][name].get("examples"), (place, name)


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        for example in schema.get("examples", ()):
            _check(document, name, example)
    for place, operation in _operations(document):
        for code, said in operation["responses"].items():
            if code >= "400":
                example = said["content"]["application/problem+json"]["example"]
                assert example["status"] == int(code), place
                _check(document, "Problem", example)


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


def _schemas_of_json(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Of its body and of what it answers on success; files have none of ours."""
    answers = [said for code, said in operation["responses"].items() if code < "300"]
    for said in [operation.get("requestBody", {}), *answers]:
        schema = said.get("content", {}).get("application/json", {}).get("schema")
        if schema and schema != {"type": "object"} and "tasks-0001" not in str(schema):
            yield schema


def _named_in(schema: dict[str, Any]) -> str:
    """The component that it is, or that its pages are of."""
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    return re.sub(r"^Paginated(\w+)List$", r"\1", name)


def _check(document: dict[str, Any], name: str, example: Any) -> None:
    pointer = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    jsonschema_rs.Draft202012Validator(pointer, validate_formats=True).validate(example)


def _operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]
