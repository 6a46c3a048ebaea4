"""The REST door of many operations at once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.views import APIView

from accounts.rest import owner_of
from tasks_app.models import Task
from tasks_app.serializers import TaskSerializer
from tasks_app.serializers.bulk import (
    BulkSerializer,
    CallSerializer,
    Operations,
    ResultsSerializer,
)
from tasks_app.services.bulk import Operation, Refusal, Refused, run_operations
from tasks_app.services.versions import StaleVersion

DONE = {"create": 201, "delete": 204}


class BulkView(APIView):
    @extend_schema(request=BulkSerializer, responses={200: ResultsSerializer})
    def post(self, request: Request) -> Response:
        """Up to 500 operations in one call and one transaction.

        `atomic` (by default): all of them, or, when one fails, none and a 400 whose `errors` name
        each that failed by its index. Otherwise those that fail are left out, each with its own
        status and errors. An operation sees what those before it did. More tags than a user may
        have refuse all in any case, with a 400 that names `tags`.
        """
        call = CallSerializer(data=request.data)
        call.is_valid(raise_exception=True)
        bodies, whole = call.validated_data["operations"], call.validated_data["atomic"]
        checked = _checked(bodies)
        failed = {i: each for i, each in enumerate(checked) if not isinstance(each, Operation)}
        if whole and failed:
            raise _refused({i: error.detail for i, error in failed.items()})
        operations = {i: each for i, each in enumerate(checked) if isinstance(each, Operation)}
        try:
            done = run_operations(
                owner=owner_of(request),
                actor=owner_of(request),
                now=timezone.now(),
                operations=operations.values(),
                whole=whole,
            )
        except Refused as refused:
            raise _refused({i: _errors(each) for i, each in refused.refusals.items()}) from refused
        outcomes = dict(zip(operations, done, strict=True)) | failed
        results = [_result(i, bodies[i], outcomes[i]) for i in range(len(bodies))]
        good = sum(result["status"] < 300 for result in results)
        return Response({"results": results, "succeeded": good, "failed": len(results) - good})


def _checked(bodies: list[Any]) -> list[Operation | serializers.ValidationError]:
    operations = Operations()
    return [_check(operations, body) for body in bodies]


def _check(operations: Operations, body: Any) -> Operation | serializers.ValidationError:
    try:
        return operations.checked(body)
    except serializers.ValidationError as error:
        return error


def _refused(errors: dict[int, Any]) -> serializers.ValidationError:
    by_index = {str(index): each for index, each in sorted(errors.items())}
    return serializers.ValidationError({"operations": by_index})


def _result(
    index: int, body: Any, outcome: Task | Refusal | serializers.ValidationError
) -> dict[str, Any]:
    op = body.get("op") if isinstance(body, dict) else None
    result: dict[str, Any] = {"index": index, "op": op if isinstance(op, str) else None}
    match outcome:
        case Task():
            result["status"] = DONE.get(str(op), 200)
            if op != "delete":
                result["task"] = _shown(outcome)
        case serializers.ValidationError():
            result |= {"status": 400, "errors": _named(outcome.detail)}
        case StaleVersion():
            result |= {"status": 412, "errors": _errors(outcome), "task": _shown(outcome.row)}
        case Task.DoesNotExist():
            result |= {"status": 404, "errors": _errors(outcome)}
        case _:
            result |= {"status": 400, "errors": _errors(outcome)}
    return result


def _named(errors: Any) -> Any:
    """What is wrong with the entries of a list has their numbers, which are no names in JSON."""
    if isinstance(errors, dict):
        return {str(name): _named(inner) for name, inner in errors.items()}
    return errors


def _errors(refusal: Refusal) -> Any:
    match refusal:
        case StaleVersion():
            return {"version": [str(refusal)]}
        case ValidationError():
            return {"task": as_serializer_error(refusal)}
    return {"id": ["There is nothing here."]}


def _shown(task: Any) -> dict[str, Any]:
    return _SHOW.to_representation(task)


_SHOW = TaskSerializer()
