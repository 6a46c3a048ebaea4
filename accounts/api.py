"""The REST door of accounts."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services, tokens
from accounts.models import User
from accounts.rest import answers, owner_of
from accounts.serializers import (
    AccountSerializer,
    CredentialsSerializer,
    PasswordSerializer,
    RefreshSerializer,
    RegistrationSerializer,
    TokenPairSerializer,
)
from accounts.throttling import (
    ForgivingView,
    PasswordsOfUser,
    RegistrationsOfAddress,
    RegistrationsOfEmail,
    SignInsOfAddress,
    SignInsOfEmail,
)


class AccountView(ForgivingView, generics.GenericAPIView[User]):
    """What every view of this door does with a body."""

    def valid(self, request: Request, *, partial: bool = False) -> dict[str, Any]:
        serializer = self.get_serializer(data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class PublicView(AccountView):
    """For those without a token yet; a bad one in the header does no harm."""

    authentication_classes = ()
    permission_classes = ()

    def get_authenticate_header(self, request: Request) -> str:
        """Without it DRF would make a 403 of each 401."""
        return 'Bearer realm="api"'


class RegisterView(PublicView):
    serializer_class = RegistrationSerializer
    throttle_classes = (RegistrationsOfAddress, RegistrationsOfEmail)

    @extend_schema(responses=answers({201: RegistrationSerializer}, 400, 413, 415, 429))
    def post(self, request: Request) -> Response:
        """Open an account. The answer does not tell whether the address had one."""
        fields = self.valid(request)
        services.register(now=timezone.now(), **fields)
        return Response(self.get_serializer(fields).data, status=status.HTTP_201_CREATED)


class TokenView(PublicView):
    serializer_class = CredentialsSerializer
    throttle_classes = (SignInsOfAddress, SignInsOfEmail)

    @extend_schema(responses=answers({200: TokenPairSerializer}, 400, 401, 413, 415, 429))
    def post(self, request: Request) -> Response:
        """Sign in. Failures are limited by client address and by e-mail address."""
        pair = tokens.sign_in(**self.valid(request))
        self.forgive()
        return Response(pair)


class RefreshView(PublicView):
    serializer_class = RefreshSerializer

    @extend_schema(responses=answers({200: TokenPairSerializer}, 400, 401, 413, 415))
    def post(self, request: Request) -> Response:
        """A new pair; the given refresh token ends."""
        return Response(tokens.refresh(token=self.valid(request)["refresh"]))


class RevokeView(PublicView):
    serializer_class = RefreshSerializer

    @extend_schema(responses=answers({204: None}, 400, 401, 413, 415))
    def post(self, request: Request) -> Response:
        """End a refresh token; to end one twice is no fault."""
        tokens.revoke(token=self.valid(request)["refresh"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class PasswordView(AccountView):
    serializer_class = PasswordSerializer
    throttle_classes = (PasswordsOfUser,)

    @extend_schema(responses=answers({204: None}, 400, 401, 413, 415, 429))
    def post(self, request: Request) -> Response:
        """Change the password. Every token given before ends."""
        services.change_password(user=owner_of(request), now=timezone.now(), **self.valid(request))
        self.forgive()
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(AccountView):
    """The signed-in user's own account."""

    serializer_class = AccountSerializer

    @extend_schema(responses=answers({200: AccountSerializer}, 401))
    def get(self, request: Request) -> Response:
        return Response(self.get_serializer(owner_of(request)).data)

    @extend_schema(
        request=AccountSerializer(partial=True),
        responses=answers({200: AccountSerializer}, 400, 401, 413, 415),
    )
    def patch(self, request: Request) -> Response:
        """Change time zone and locale, those that are given."""
        user = owner_of(request)
        user = services.update_account(
            user=user,
            actor=user,
            now=timezone.now(),
            changes=self.valid(request, partial=True),
        )
        return Response(self.get_serializer(user).data)

    @extend_schema(
        request=AccountSerializer(partial=True),
        responses=answers({200: AccountSerializer}, 400, 401, 413, 415),
    )
    def put(self, request: Request) -> Response:
        """The same as PATCH: what is not given stays."""
        return self.patch(request)
