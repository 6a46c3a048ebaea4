"""What every refusal has in common."""

from typing import Any

Answer = Any  # the test client's response, which the stubs know without its `json()`


def problem(answer: Answer, status: int) -> dict[str, Any]:
    """The problem document of an answer that must be one with `status`."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["status"] == status
    if status == 401:
        assert answer["WWW-Authenticate"].startswith("Bearer")
    return document
