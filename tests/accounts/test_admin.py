"""An operator keeps accounts in the admin."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from bridges.models import Event
from tests.accounts.conftest import ALICES

NEW = "another long walk"


def address(page: str, *arguments: object) -> str:
    return reverse(f"admin:accounts_user_{page}", args=arguments)


def fields_of(user: User, **changes: object) -> dict[str, Any]:
    """The change form, as the browser sends it."""
    return {
        "email": user.email,
        "time_zone": user.time_zone,
        "locale": user.locale,
        "is_active": "on",
        "identities-TOTAL_FORMS": "0",
        "identities-INITIAL_FORMS": "0",
        **changes,
    }


def test_accounts_are_found_by_a_part_of_the_address(admin: Client, alice: User, bob: User) -> None:
    page = admin.get(address("changelist"), {"q": "alice"}).content.decode()
    assert alice.email in page
    assert bob.email not in page


def test_accounts_are_filtered(admin: Client, alice: User) -> None:
    page = admin.get(address("changelist"), {"is_staff__exact": "1"})
    assert alice.email not in page.content.decode()


def test_a_new_account_signs_in_and_is_an_event(admin: Client, operator: User) -> None:
    form = {
        "email": "Carol@Example.com",
        "time_zone": "Asia/Tokyo",
        "locale": "ja",
        "usable_password": "true",
        "password1": NEW,
        "password2": NEW,
        "identities-TOTAL_FORMS": "0",
        "identities-INITIAL_FORMS": "0",
    }
    assert admin.post(address("add"), form).status_code == 302

    carol = User.objects.get(email="carol@example.com")
    assert carol.check_password(NEW)
    event = Event.objects.get()
    assert (event.type, event.actor_id) == ("account.registered.v1", operator.pk)
    assert event.user_id == carol.pk


def test_a_taken_address_is_refused_in_any_case(admin: Client, alice: User) -> None:
    form = {
        "email": alice.email.upper(),
        "time_zone": "UTC",
        "locale": "en",
        "usable_password": "false",
        "identities-TOTAL_FORMS": "0",
        "identities-INITIAL_FORMS": "0",
    }
    assert "already exists" in admin.post(address("add"), form).content.decode()


def test_a_changed_zone_is_an_event_of_the_operators(
    admin: Client, operator: User, alice: User
) -> None:
    admin.post(address("change", alice.pk), fields_of(alice, time_zone="Asia/Tokyo"))

    event = Event.objects.get()
    assert (event.type, event.actor_id) == ("account.updated.v1", operator.pk)
    assert (event.user_id, event.payload["changed"]) == (alice.pk, ["timezone"])
    assert User.objects.get(pk=alice.pk).time_zone == "Asia/Tokyo"


def test_other_changes_are_saved_without_an_event(admin: Client, alice: User) -> None:
    admin.post(address("change", alice.pk), fields_of(alice, is_active="", is_staff="on"))

    saved = User.objects.get(pk=alice.pk)
    assert (saved.is_active, saved.is_staff) == (False, True)
    assert not Event.objects.exists()


@pytest.mark.parametrize("change", [{"time_zone": "Mars/Olympus"}, {"locale": "english"}])
def test_a_bad_value_is_refused(admin: Client, alice: User, change: dict[str, str]) -> None:
    assert admin.post(address("change", alice.pk), fields_of(alice, **change)).status_code == 200
    assert User.objects.get(pk=alice.pk).time_zone == alice.time_zone


def test_a_new_password_is_an_event_of_the_operators(
    admin: Client, operator: User, alice: User
) -> None:
    page = reverse("admin:auth_user_password_change", args=[alice.pk])
    form = {"usable_password": "true", "password1": NEW, "password2": NEW, "set-password": "1"}
    assert admin.get(page).status_code == 200
    assert admin.post(page, form).status_code == 302

    assert User.objects.get(pk=alice.pk).check_password(NEW)
    event = Event.objects.get()
    assert (event.type, event.actor_id) == ("account.password-changed.v1", operator.pk)


def test_a_password_can_be_taken_away(admin: Client, alice: User) -> None:
    page = reverse("admin:auth_user_password_change", args=[alice.pk])
    admin.post(page, {"usable_password": "false", "unset-password": "1"})

    assert not User.objects.get(pk=alice.pk).check_password(ALICES)
    assert Event.objects.get().type == "account.password-changed.v1"


def test_an_operator_who_changes_the_own_password_stays_signed_in(
    admin: Client, operator: User
) -> None:
    page = reverse("admin:auth_user_password_change", args=[operator.pk])
    form = {"usable_password": "true", "password1": NEW, "password2": NEW, "set-password": "1"}
    admin.post(page, form)
    assert admin.get(address("changelist")).status_code == 200


def test_an_account_with_tasks_is_not_deleted_here(admin: Client, alice: User) -> None:
    assert admin.post(address("delete", alice.pk), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=alice.pk).exists()
