"""The operator's door to accounts."""

from copy import copy
from functools import partial
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import services
from accounts.models import ExternalIdentity, User


class NewAccountForm(AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ("email", "time_zone", "locale")


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]
    def __init__(self, user: User, *args: Any, actor: User, **options: Any) -> None:
        self.actor = actor
        super().__init__(user, *args, **options)

    def save(self, commit: bool = True) -> User:
        usable = self.cleaned_data["set_usable_password"]
        self.user: User = services.set_password(
            user=self.user,
            new=self.cleaned_data["password1"] if usable else None,
            actor=self.actor,
            now=timezone.now(),
        )
        return self.user


class IdentityInline(admin.TabularInline[ExternalIdentity, User]):
    model = ExternalIdentity
    extra = 0


@admin.register(User)
class AccountAdmin(UserAdmin[User]):
    add_form = NewAccountForm
    list_display = ("email", "time_zone", "locale", "is_active", "is_staff", "created_at")
    list_filter = ("is_active", "is_staff", "is_superuser", "created_at", "locale")
    search_fields = ("email",)
    search_help_text = "A part of the e-mail address."
    ordering = ("email",)
    readonly_fields = ("id", "created_at", "last_login")
    inlines = (IdentityInline,)
    fieldsets = (
        (None, {"fields": ("id", "email", "password", "time_zone", "locale")}),
        (
            "Permissions",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        ("Times", {"fields": ("created_at", "last_login")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "email",
                    "time_zone",
                    "locale",
                    "usable_password",
                    "password1",
                    "password2",
                ),
            },
        ),
    )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        actor, now = _operator(request), timezone.now()
        if not change:
            services.add_account(user=obj, actor=actor, now=now)
            return
        changes = {name: getattr(obj, name) for name in ("time_zone", "locale")}
        services.update_account(user=obj, actor=actor, now=now, changes=changes)
        super().save_model(request, obj, form, change)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        # Django's view makes the form without the request; a copy can know who acts.
        view: Any = copy(self)
        view.change_password_form = partial(PasswordForm, actor=_operator(request))
        return UserAdmin.user_change_password(view, request, id, form_url)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Tasks would go without their events; an account is made inactive instead."""
        return False


def _operator(request: HttpRequest) -> User:
    return cast(User, request.user)
