"""What the platform itself remembers."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models


class KeptAnswerQuerySet(models.QuerySet["KeptAnswer"]):
    def older_than(self, moment: datetime) -> KeptAnswerQuerySet:
        return self.filter(created_at__lt=moment).order_by("created_at")


class KeptAnswer(models.Model):
    """The first answer to a POST with an Idempotency-Key.

    Neither the key nor the request is kept, only their digests; `answer` is encrypted with a key
    that takes the Idempotency-Key to make, since the answer to a sign-in is a secret.
    """

    key_digest = models.BinaryField(unique=True, max_length=32)
    request_digest = models.BinaryField(max_length=32)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    answer = models.BinaryField(default=b"")
    created_at = models.DateTimeField(db_index=True)

    objects: ClassVar[KeptAnswerQuerySet] = KeptAnswerQuerySet.as_manager()  # type: ignore[assignment]
