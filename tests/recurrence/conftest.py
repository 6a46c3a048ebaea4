"""Series of alice, who lives in Berlin; it is Sunday, the 1st of March 2026, ten in the morning."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from accounts.models import User
from recurrence_app import services
from recurrence_app.models import RecurringTask
from tests.conftest import NOW

SeriesOf = Callable[..., RecurringTask]


@pytest.fixture
def series_of() -> SeriesOf:
    def make(owner: User, **fields: Any) -> RecurringTask:
        usual = {"title": "Water the plants", "start_date": date(2026, 3, 1)}
        rule = {} if "rrule" in fields else {"recurrence_type": "daily"}
        return services.create_series(
            owner=owner, actor=owner, now=NOW, **{**usual, **rule, **fields}
        )

    return make
