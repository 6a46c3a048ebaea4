"""The main job, walked through the running product's own doors: `demo [FILE.ics]`."""

import os
import re
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import environ

from todo_project.dev import page
from todo_project.dev.checkout import PAGE, ROOT, VAR
from todo_project.dev.demo_doors import Api, Events, mails
from todo_project.dev.demo_steps import DemoFailed, finished_step, wait_for

SHIPPED: Final = Path(__file__).parent / "demo.ics"
DUE_IN: Final = timedelta(seconds=5)
LATEST_MAIL: Final = timedelta(seconds=5)
STREAMS: Final = ("task-events", "reminders", "notifications")
ORDERS: Final = (
    ("task.created.v1", "task.completed.v1"),
    ("reminder.scheduled.v1", "reminder.due.v1"),
)


def main(arguments: Sequence[str]) -> int:
    file = Path(arguments[0]) if arguments else SHIPPED
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal without ✓
    try:
        _walk(file, _running())
    except DemoFailed as failure:
        print(f"✗ {failure}")
        return 1
    except KeyboardInterrupt:
        return 130
    print("The whole way works.")
    return 0


def _running() -> dict[str, Any]:
    running = page.read(PAGE)
    if running is None:
        raise DemoFailed("Nothing runs here: start it with `make run`.")
    if not running["mail"]:
        raise DemoFailed("The demo reads the inbox of `make run`: start it without EMAIL_URL.")
    environ.Env.read_env(VAR / "env")
    return running


def _walk(file: Path, running: dict[str, Any]) -> None:
    api = Api(running["api"])
    topics = [os.environ.get("KAFKA_TOPIC_PREFIX", "") + stream for stream in STREAMS]
    with Events(running["kafka"].split(","), topics) as events:
        email = _registered(api)
        imported = _imported(api, file, email)
        task = _reminded_task(api)
        _mail(running["mail"], email, task)
        _completed(api, task)
        _read_back(api, events, task, imported)


def _registered(api: Api) -> str:
    email = f"demo-{secrets.token_hex(4)}@example.com"
    password = secrets.token_urlsafe(16)
    with finished_step(f"registered {email} over REST"):
        account = {"email": email, "password": password, "timezone": "Europe/Berlin"}
        api.post("/api/auth/register", account)
    with finished_step("got a token"):
        pair = api.post("/api/auth/token", {"email": email, "password": password})
        api.sign_in(pair["access"])
    return email


def _imported(api: Api, file: Path, email: str) -> int:
    with finished_step(f"imported {file.name} by `manage.py import_ics`") as say:
        run = subprocess.run(
            [sys.executable, ROOT / "manage.py", "import_ics", file.absolute(), "--user", email],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        told = re.match(r"Imported ([\d,]+) task", run.stdout)
        if run.returncode or not told:
            raise DemoFailed(f"import_ics ended with {run.returncode}.")
        number = int(told[1].replace(",", ""))
        listed = api.get("/api/tasks?limit=1")["total"]
        if listed != number:
            raise DemoFailed(f"{number} tasks were imported, and {listed} are listed.")
        say(run.stdout)
    return number


def _reminded_task(api: Api) -> dict[str, Any]:
    due_at = datetime.now(UTC) + DUE_IN
    with finished_step(f"created a task due at {due_at:%H:%M:%S} UTC, and its reminder"):
        fields = {"title": "Take the cake out of the oven", "due_at": due_at.isoformat()}
        task: dict[str, Any] = api.post(
            "/api/tasks", fields | {"priority": "urgent", "tags": ["kitchen"]}
        )
        api.post(f"/api/tasks/{task['id']}/reminders", {"offset_minutes": 0})
    return task


def _mail(inbox: str, email: str, task: dict[str, Any]) -> None:
    due_at = datetime.fromisoformat(task["due_at"])
    seconds = (due_at + LATEST_MAIL * 2 - datetime.now(UTC)).total_seconds()
    with finished_step("the reminder's mail is in the inbox") as say:
        received = wait_for(
            lambda: [mail for mail in mails(inbox, email) if task["title"] in mail["subject"]],
            seconds=seconds,
            what="the reminder's mail",
        )[0]
        late = datetime.fromisoformat(received["received_at"]) - due_at
        say(f"{late.total_seconds():.3f} s after the task's time: “{received['subject']}”")
        if late > LATEST_MAIL:
            raise DemoFailed(f"The mail is later than {LATEST_MAIL.seconds} s.")


def _completed(api: Api, task: dict[str, Any]) -> None:
    with finished_step("completed the task"):
        answer = api.post(f"/api/tasks/{task['id']}/complete")
        if answer["status"] != "completed":
            raise DemoFailed(f"The task is {answer['status']}.")


def _read_back(api: Api, events: Events, task: dict[str, Any], imported: int) -> None:
    user = api.get("/api/me")["id"]
    tags = api.get("/api/tags")["total"]
    expected = Counter(
        {
            "account.registered.v1": 1,
            "tag.created.v1": tags,
            "task.created.v1": imported + 1,
            "task.completed.v1": 1,
            "reminder.scheduled.v1": 1,
            "reminder.due.v1": 1,
            "notification.sent.v1": 1,
        }
    )
    with finished_step("read every event back from Kafka") as say:
        wait_for(
            lambda: _types(events.of(user)) >= expected, seconds=20, what="the events on Kafka"
        )
        found = events.of(user)
        _compare(_types(found), expected)
        _check_ids(found)
        own = [event for event in found if event["data"].get("task_id") == task["id"]]
        _check_order(own)
        say("\n".join(f"{event['type']:<24}{event['id']}" for event in own))
        say(f"{len(found)} events, each id once, in their order")


def _types(found: list[dict[str, Any]]) -> Counter[str]:
    return Counter(event["type"] for event in found)


def _compare(found: Counter[str], expected: Counter[str]) -> None:
    if found != expected:
        raise DemoFailed(f"Kafka has {dict(found)}; {dict(expected)} was expected.")


def _check_ids(found: list[dict[str, Any]]) -> None:
    repeated = [id_ for id_, times in Counter(event["id"] for event in found).items() if times > 1]
    if repeated:
        raise DemoFailed(f"These events came more than once: {', '.join(repeated)}.")


def _check_order(found: list[dict[str, Any]]) -> None:
    types = [event["type"] for event in found]
    for first, second in ORDERS:
        if types.index(first) > types.index(second):
            raise DemoFailed(f"{second} came before {first}.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
