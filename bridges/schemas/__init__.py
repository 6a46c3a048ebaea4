"""The published JSON Schemas (2020-12), one file a type, and their compiled validators."""

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

FOLDER = Path(__file__).parent


class SchemaViolation(ValueError):
    """A document that does not satisfy its published schema."""


@cache
def names() -> frozenset[str]:
    return frozenset(path.stem for path in FOLDER.glob("*.json"))


@cache
def source(name: str) -> bytes:
    """The schema's text. KeyError for a name that is not published."""
    if name not in names():
        raise KeyError(name)
    return (FOLDER / f"{name}.json").read_bytes()


@cache
def document(name: str) -> dict[str, Any]:
    parsed: dict[str, Any] = orjson.loads(source(name))
    return parsed


def check(name: str, document: object) -> None:
    """Raise SchemaViolation, naming the place, unless `document` satisfies the schema `name`."""
    try:
        _validator(name).validate(document)
    except jsonschema_rs.ValidationError as error:
        place = "/".join(str(part) for part in error.instance_path) or "the document"
        raise SchemaViolation(f"{name}: {place}: {error.message}") from error


@cache
def _validator(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(document(name), validate_formats=True)
