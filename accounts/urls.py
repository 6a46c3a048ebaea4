"""The REST paths of this app."""

from django.urls import path

from accounts import api

urlpatterns = [
    path("auth/register", api.RegisterView.as_view(), name="register"),
    path("auth/token", api.TokenView.as_view(), name="token"),
    path("auth/token/refresh", api.RefreshView.as_view(), name="token-refresh"),
    path("auth/token/revoke", api.RevokeView.as_view(), name="token-revoke"),
    path("auth/password", api.PasswordView.as_view(), name="password"),
]
