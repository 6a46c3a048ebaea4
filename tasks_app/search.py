"""Finding tasks by words: in any language, and with a slip of the pen.

Full text first: every word, or the beginning of one, in the title or the description. Where that
finds nothing, and at once in languages without spaces, parts of words; and where that finds nothing
either, or would take long for all the words, titles that look alike (trigrams). PostgreSQL keeps
the column `search` by a trigger, see the migration.
"""

import re
from typing import Any, Final

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import BooleanField, F, FloatField, Func, Q, Value

from tasks_app.models import TaskQuerySet

LONGEST: Final = 200  # characters
MOST_PARTS: Final = 8  # words; each is looked for in every text of the owner's
ALIKE: Final = 0.5  # of 1; "grocries" and "groceries" are at 0.6

# Thai, Lao, Burmese, Khmer, Chinese and Japanese put no spaces between words, so that what is
# looked for mostly stands inside of what would be taken for one.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


class Fits(Func):
    # A subquery is asked once, a function for each row.
    template = '"tasks_app_task"."search" @@ (SELECT tasks_app_query(%(expressions)s))'
    output_field = BooleanField()


class Rank(Func):
    """Whole words count beside beginnings, so that an apple comes before an appleton."""

    template = (
        'ts_rank("tasks_app_task"."search", (SELECT tasks_app_query(%(expressions)s)))'
        ' + ts_rank("tasks_app_task"."search",'
        " (SELECT plainto_tsquery('simple', tasks_app_words(%(expressions)s))))"
    )
    output_field = FloatField()

    def as_sql(self, *args: Any, **options: Any) -> tuple[str, Any]:
        sql, values = super().as_sql(*args, **options)
        return sql, (*values, *values)


def search(tasks: TaskQuerySet, words: str) -> TaskQuerySet:
    """Those of `tasks` that fit, with their `relevance`. One or two statements look ahead."""
    wanted = set(words.split())
    few = len(wanted) <= MOST_PARTS
    full = tasks.filter(Fits(Value(words)))
    if not (few and _UNSPACED.search(words)) and full.exists():
        return full.annotate(relevance=Rank(Value(words)))
    alike = tasks.annotate(relevance=TrigramWordSimilarity(words, "title"))
    if few:
        parts = alike.filter(_parts(wanted))
        if parts.exists():
            return parts
    return alike.filter(relevance__gte=ALIKE)


def by_relevance(tasks: TaskQuerySet) -> TaskQuerySet:
    return tasks.order_by(F("relevance").desc(), "-id")


def _parts(words: set[str]) -> Q:
    found = Q()
    for word in sorted(words, key=len, reverse=True):  # what is rarest is looked for first
        found &= Q(title__icontains=word) | Q(description__icontains=word)
    return found
