"""Who a command is about."""

from django.core.management.base import CommandError

from accounts.models import User


def user(email: str) -> User:
    try:
        return User.objects.get(email=email.lower())
    except User.DoesNotExist:
        raise CommandError(f"No user has the address {email}.") from None
