"""Who an outside identity provider's token stands for."""

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from rest_framework.exceptions import AuthenticationFailed

from accounts import services
from accounts.events import AccountRegistered
from accounts.models import ExternalIdentity, User
from bridges import outbox


class NotLinked(AuthenticationFailed):
    """The provider knows the bearer, and no account can be told to be theirs."""


def account_of(*, claims: dict[str, Any], now: datetime) -> User:
    """The account of verified `claims`, linked or opened by their e-mail address the first time.

    Raises NotLinked.
    """
    issuer, subject = claims["iss"], claims["sub"]
    known = (
        ExternalIdentity.objects.select_related("user")
        .filter(issuer=issuer, subject=subject)
        .first()
    )
    if known:
        return known.user
    return _link(issuer=issuer, subject=subject, email=_verified_email(claims), now=now)


@transaction.atomic
def _link(*, issuer: str, subject: str, email: str, now: datetime) -> User:
    user, is_new = User.objects.get_or_create(
        email=email, defaults={"password": make_password(None), "created_at": now}
    )
    user = User.objects.locked(user)
    if user.identities.filter(issuer=issuer).exclude(subject=subject).exists():
        raise NotLinked("The account of this address belongs to somebody else there.")
    _, is_link_new = ExternalIdentity.objects.get_or_create(
        issuer=issuer, subject=subject, defaults={"user": user, "created_at": now}
    )
    if is_new:
        outbox.record(AccountRegistered.of(user), actor=user, now=now)
    elif is_link_new:
        _end_unproven_password(user, now=now)
    return user


def _end_unproven_password(user: User, *, now: datetime) -> None:
    """The provider proved the mailbox; registration did not.

    Whoever chose the password may have taken the address of somebody else, to read along once
    they come. Operators' accounts are not opened by registration, so theirs stays.
    """
    if user.has_usable_password() and not user.is_staff:
        services.set_password(user=user, new=None, actor=user, now=now)


def _verified_email(claims: dict[str, Any]) -> str:
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str):
        raise NotLinked("The identity provider gives no verified e-mail address.")
    try:
        cleaned: str = User._meta.get_field("email").clean(email.lower(), None)
    except ValidationError as fault:
        raise NotLinked("The identity provider's e-mail address is none.") from fault
    return cleaned
