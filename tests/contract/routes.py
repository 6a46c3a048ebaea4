"""The URL table as a list: what can be asked of the product, by method and path."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver

from todo_project.problems import no_such_path

METHODS = ("get", "post", "put", "patch", "delete")


def operations() -> set[str]:
    """Such as "PATCH /api/tasks/{pk}": each method of each route that a view answers."""
    return {
        f"{method.upper()} {path}"
        for path, view in _routes(get_resolver().url_patterns, "")
        for method in METHODS
        if method in _methods(view)
    }


def _routes(patterns: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            yield from _routes(pattern.url_patterns, path)
        elif pattern.callback is not no_such_path:
            yield _readable(path), pattern.callback


def _methods(view: Any) -> set[str]:
    """A plain function takes what it is given; ours only read."""
    if actions := getattr(view, "actions", None):
        return set(actions)
    made_of = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if made_of is None:
        return {"get"}
    return {name for name in made_of.http_method_names if hasattr(made_of, name)}


def _readable(path: str) -> str:
    path = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", path)
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)
    return "/" + re.sub(r"[\^$]|\\Z", "", path)
