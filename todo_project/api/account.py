"""The end of an account."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import MeView
from accounts.models import User
from accounts.rest import StrictSerializer, answers, owner_of
from accounts.serializers import PasswordField
from accounts.throttling import PasswordsOfUser
from todo_project import erasing


class ErasureSerializer(StrictSerializer):
    password = PasswordField(required=False, help_text="Yours, if the account has one.")
    email = serializers.EmailField(
        required=False, help_text="Yours, if you sign in elsewhere and have no password here."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        user: User = self.context["request"].user
        if user.has_usable_password():
            if not user.check_password(attrs.get("password", "")):
                raise serializers.ValidationError({"password": ["This is not your password."]})
        elif attrs.get("email", "").lower() != user.email:
            raise serializers.ValidationError({"email": ["This is not your address."]})
        return attrs


class AccountView(MeView):
    """`/api/me`, whose end is everybody's concern."""

    def get_throttles(self) -> list[Any]:
        if self.request.method == "DELETE" and self._limits is None:
            self._limits = [PasswordsOfUser()]
        return super().get_throttles()

    @extend_schema(
        request=ErasureSerializer, responses=answers({204: None}, 400, 401, 413, 415, 429)
    )
    def delete(self, request: Request) -> Response:
        """Erase your account and everything in it, at once and for good.

        One last event tells those who follow to forget you. What has left already (mails, what
        other systems keep) cannot be called back.
        """
        confirmation = ErasureSerializer(data=request.data, context={"request": request})
        confirmation.is_valid(raise_exception=True)
        erasing.erase_account(user=owner_of(request), now=timezone.now())
        self.forgive()
        return Response(status=status.HTTP_204_NO_CONTENT)
