"""Everything that can be done to an account: the row and its event in one transaction."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from rest_framework.exceptions import ValidationError

from accounts import jobs
from accounts.events import AccountPasswordChanged, AccountRegistered, AccountUpdated
from accounts.models import User
from bridges import nudges, outbox


class WrongPassword(ValidationError):
    def __init__(self) -> None:
        super().__init__({"current": ["This is not your password."]})


def register(*, email: str, password: str, time_zone: str, now: datetime) -> None:
    """Open an account. An address that has one keeps it, and only its owner is told by mail."""
    # Hashed before the look-up, so that both outcomes take the same time.
    encoded = make_password(password)
    with transaction.atomic():
        user, is_new = User.objects.get_or_create(
            email=email, defaults={"password": encoded, "time_zone": time_zone, "created_at": now}
        )
        if is_new:
            outbox.record(AccountRegistered.of(user), actor=user, now=now)
        else:
            _tell_owner(user)


@transaction.atomic
def add_account(*, user: User, actor: User | None, now: datetime) -> User:
    """Save a new `user` that somebody else made."""
    user.save(force_insert=True)
    outbox.record(AccountRegistered.of(user), actor=actor, now=now)
    return user


@transaction.atomic
def update_account(*, user: User, actor: User, now: datetime, changes: Mapping[str, Any]) -> User:
    """Set `time_zone` and `locale` as in `changes`; without a difference, nothing happens."""
    user = User.objects.locked(user)
    changed = {name for name, value in changes.items() if getattr(user, name) != value}
    if changed:
        for name in changed:
            setattr(user, name, changes[name])
        user.save(update_fields=changed)
        outbox.record(AccountUpdated.of(user, changed=changed), actor=actor, now=now)
    return user


@transaction.atomic
def change_password(*, user: User, current: str, new: str, now: datetime) -> None:
    """Replace the password `current`, or raise WrongPassword. Every earlier token ends."""
    if not User.objects.locked(user).check_password(current):
        raise WrongPassword
    set_password(user=user, new=new, actor=user, now=now)


@transaction.atomic
def set_password(*, user: User, new: str | None, actor: User, now: datetime) -> User:
    """Give a new password, or none that works. Tokens carry a digest of the old: they end."""
    user = User.objects.locked(user)
    user.set_password(new)
    user.save(update_fields=["password"])
    outbox.record(AccountPasswordChanged.of(user), actor=actor, now=now)
    return user


def _tell_owner(user: User) -> None:
    send = partial(
        jobs.tell_owner_of_registration.apply_async,
        kwargs={"user_id": str(user.pk)},
        retry=False,
        ignore_result=True,
    )
    nudges.after_commit("registration-mail", send)
