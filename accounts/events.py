"""What happens to accounts. No event carries the e-mail address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Final, Self

from accounts.models import User
from bridges.events import DomainEvent

# The names of fields that the outside knows by another.
_PUBLIC: Final = {"time_zone": "timezone"}


class AccountEvent(DomainEvent):
    aggregatetype: ClassVar[str] = "account"

    @classmethod
    def of(cls, user: User, **more: Any) -> Self:
        return cls(aggregateid=str(user.pk), user_id=user.pk, payload={"user_id": user.pk} | more)


class AccountRegistered(AccountEvent):
    type: ClassVar[str] = "account.registered.v1"

    @classmethod
    def of(cls, user: User, **more: Any) -> Self:
        return super().of(user, timezone=user.time_zone, locale=user.locale, **more)


class AccountUpdated(AccountEvent):
    type: ClassVar[str] = "account.updated.v1"

    @classmethod
    def of(cls, user: User, *, changed: Iterable[str] = (), **more: Any) -> Self:
        return super().of(
            user,
            timezone=user.time_zone,
            locale=user.locale,
            changed=sorted(_PUBLIC.get(name, name) for name in changed),
            **more,
        )


class AccountPasswordChanged(AccountEvent):
    type: ClassVar[str] = "account.password-changed.v1"
