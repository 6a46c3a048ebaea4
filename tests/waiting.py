"""Waiting for what has to happen, never for a time to pass."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_for(condition: Callable[[], T | None], *, seconds: float = 15, what: str = "") -> T:
    """The first true value of `condition`; AssertionError when there is none within `seconds`."""
    until = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        assert time.monotonic() < until, f"not within {seconds} s: {what or condition}"
        time.sleep(0.02)  # between two looks, not instead of one


def at_a_random_moment(chance: random.Random, *, within: float) -> None:
    """Let up to `within` seconds go by, for a kill that no step of the victim was chosen for."""
    time.sleep(chance.uniform(0, within))
