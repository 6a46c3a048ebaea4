"""Celery's real queue, worked off by hand."""

from queue import Empty

from todo_project.celery import app


def run_queued(name: str, *, queue: str = "default", seconds: float = 5) -> None:
    """Run the first job `name` that waits in `queue`; AssertionError when none comes."""
    with app.connection_for_read() as connection:
        waiting = connection.SimpleQueue(queue)
        try:
            while True:
                message = waiting.get(timeout=seconds)
                message.ack()
                if message.headers["task"] == name:
                    _, arguments, _ = message.payload
                    app.tasks[name](**arguments)
                    return
        except Empty:
            raise AssertionError(f"no {name} in the queue {queue}") from None
        finally:
            waiting.close()
