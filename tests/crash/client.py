"""A user's program: it signs in, posts, and remembers what was accepted."""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tests.waiting import wait_for


class Refused(Exception):
    """The platform answered with an error, or did not answer: nothing was accepted."""


class Client:
    def __init__(self, api: str) -> None:
        self._api = api
        self._token = ""
        self.email = f"crash-{uuid.uuid4().hex[:12]}@example.com"

    def sign_up(self) -> "Client":
        account = {"email": self.email, "password": "a crash test's own words"}
        self.call("POST", "/api/auth/register", account)
        self._token = self.call("POST", "/api/auth/token", account)["access"]
        return self

    def call(
        self, method: str, path: str, body: dict[str, Any] | None = None, **headers: str
    ) -> Any:
        """The decoded answer; Refused for anything but a 2xx within ten seconds."""
        headers["Content-Type"] = "application/json"
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        request = Request(  # noqa: S310
            self._api + path, json.dumps(body).encode() if body else None, headers, method=method
        )
        try:
            with urlopen(request, timeout=10) as answer:  # noqa: S310
                content = answer.read()
                return json.loads(content) if content else None
        except HTTPError as error:
            if error.code < HTTPStatus.INTERNAL_SERVER_ERROR and error.code != HTTPStatus.CONFLICT:
                raise AssertionError(f"{method} {path}: {error.read().decode()}") from error
            raise Refused(str(error.code)) from error
        except (URLError, OSError, HTTPException) as error:
            raise Refused(str(error)) from error

    def add_task(self, title: str = "Crash") -> int:
        return int(self.call("POST", "/api/tasks", {"title": title})["id"])

    def insist(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send it under one key, and again until it is answered."""
        key = uuid.uuid4().hex

        def answer() -> Any:
            try:
                return self.call(method, path, body, **{"Idempotency-Key": key})
            except Refused:
                return None

        return wait_for(answer, seconds=30, what=f"an answer to {method} {path}")

    def add_task_with_reminder(self, title: str, *, seconds: float) -> int:
        """A task whose reminder fires `seconds` from now."""
        task = self.add_task(title)
        at = datetime.now(UTC) + timedelta(seconds=seconds)
        self.call("POST", f"/api/tasks/{task}/reminders", {"at": at.isoformat()})
        return task


class Load:
    """Users who add, complete and delete tasks as fast as they are answered."""

    def __init__(self, api: str, *, users: int = 3) -> None:
        self._stop = threading.Event()
        self.accepted: list[int] = []
        self.refused = 0
        self._threads = [
            threading.Thread(target=self._work, args=[Client(api).sign_up()]) for _ in range(users)
        ]

    @contextmanager
    def running(self) -> Iterator["Load"]:
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()

    def go_on(self, more: int = 20) -> None:
        """Wait until that many more tasks were accepted."""
        wanted = len(self.accepted) + more
        wait_for(lambda: len(self.accepted) >= wanted, seconds=30, what="the load to go on")

    def _work(self, client: Client) -> None:
        while not self._stop.is_set():
            try:
                task = client.add_task()
                self.accepted.append(task)
                client.call("POST", f"/api/tasks/{task}/complete")
                client.call("POST", f"/api/tasks/{task}/reopen")
            except Refused:
                self.refused += 1
                time.sleep(0.05)  # as a client with manners does before it tries again
