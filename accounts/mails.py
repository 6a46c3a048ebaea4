"""The mails that an account itself gets."""

from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail

from accounts.models import User

REGISTERED_AGAIN = """\
Somebody tried to register this address at {address}.
You have an account there already, and it is unchanged.

If it was you, sign in with your password. If it was not, there is nothing to do.
"""


def tell_owner_of_registration(*, user_id: UUID) -> None:
    """Say that the address was entered for a new account; a closed account hears nothing."""
    if user := User.objects.filter(pk=user_id, is_active=True).first():
        send_mail(
            subject="You have an account already",
            message=REGISTERED_AGAIN.format(address=settings.PUBLIC_URL),
            from_email=None,
            recipient_list=[user.email],
        )
