"""Finding tasks by words: in any language, and with a slip of the pen.

Full text first: every word, or the beginning of one, in the title or the description. Where that
finds nothing, parts of words, which is what languages without spaces need; and where that finds
nothing either, or would take long for all the words, titles that look alike (trigrams). PostgreSQL
keeps the column `search` by a trigger, see the migration.
"""

from typing import Final

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import BooleanField, F, FloatField, Func, Q, Value

from tasks_app.models import TaskQuerySet

LONGEST: Final = 200  # characters
MOST_PARTS: Final = 8  # words; each is looked for in every text of the owner's
ALIKE: Final = 0.5  # of 1; "grocries" and "groceries" are at 0.6


class Fits(Func):
    # A subquery is asked once, a function for each row.
    template = '"tasks_app_task"."search" @@ (SELECT tasks_app_query(%(expressions)s))'
    output_field = BooleanField()


class Rank(Func):
    template = 'ts_rank("tasks_app_task"."search", (SELECT tasks_app_query(%(expressions)s)))'
    output_field = FloatField()


def search(tasks: TaskQuerySet, words: str) -> TaskQuerySet:
    """Those of `tasks` that fit, with their `relevance`. One or two statements look ahead."""
    full = tasks.filter(Fits(Value(words)))
    if full.exists():
        return full.annotate(relevance=Rank(Value(words)))
    alike = tasks.annotate(relevance=TrigramWordSimilarity(words, "title"))
    wanted = set(words.split())
    if len(wanted) <= MOST_PARTS:
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
