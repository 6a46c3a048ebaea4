"""What every refusal has in common."""

from typing import Any

Answer = Any  # of the test client, whose stubs know no `json()`, and of a plain HTTP client


def check(answer: Answer, status: int, *fields: str) -> dict[str, Any]:
    """The problem document of `answer`, which has `status` and errors of exactly `fields`."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"]
    assert sorted(problem.get("errors", {})) == sorted(fields)
    return problem
