"""The CloudEvents 1.0 document of an event (structured JSON), for both layouts.

The payload comes out of PostgreSQL as text and goes into the message as it is: decoding and
encoding it again would cost more than all the rest of the relay.
https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
"""

from typing import Any, Final

import orjson
from django.conf import settings

from bridges.backlog import Row
from bridges.routes import Route

CONTENT_TYPE: Final = ("content-type", b"application/cloudevents+json; charset=UTF-8")
SOURCE: Final = "/todo-platform"


def document(row: Row, route: Route) -> bytes:
    """The message for one topic; its `id` is the event's, whichever topic it goes to."""
    data = _wrapped(row, route) if route.enveloped else row.payload
    attributes = orjson.dumps(_attributes(row, route))
    return attributes[:-1] + b',"data":' + data + b"}"


def _attributes(row: Row, route: Route) -> dict[str, Any]:
    attributes = {
        "specversion": "1.0",
        "id": str(row.id),
        "source": SOURCE,
        "type": route.type,
        "subject": f"{row.aggregatetype}/{row.aggregateid}",
        "time": row.created_at,
        "datacontenttype": "application/json",
        "dataschema": f"{settings.PUBLIC_URL}/schemas/{route.type}.json",
        "partitionkey": str(row.user_id),
    }
    if row.causation_id:
        attributes["causationid"] = row.causation_id
    return attributes | (row.trace_context or {})


def _wrapped(row: Row, route: Route) -> bytes:
    head = orjson.dumps(
        {"event_id": str(row.id), "event_type": route.type, "event_timestamp": row.created_at}
    )
    return head[:-1] + b',"data":' + row.payload + b"}"
