"""What else happens in the transaction of an event: event type → handlers, in their order."""

from bridges.outbox import Handler

HANDLERS: dict[str, tuple[Handler, ...]] = {}
