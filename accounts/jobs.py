"""The Celery door of accounts."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from accounts import mails, tokens


# A courtesy: it is tried a few times, and no row remembers it.
@shared_task(autoretry_for=(OSError,), max_retries=3, retry_backoff=2)
def tell_owner_of_registration(*, user_id: str) -> None:
    mails.tell_owner_of_registration(user_id=UUID(user_id))


@shared_task
def forget_expired_tokens() -> None:
    tokens.forget_expired(now=timezone.now())
