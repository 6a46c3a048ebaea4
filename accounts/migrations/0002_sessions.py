import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# For either way: a change of a table waits for its turn no longer than others may wait behind it.
PATIENCE = migrations.RunSQL("SET LOCAL lock_timeout = '2s'", "SET LOCAL lock_timeout = '2s'")


class Migration(migrations.Migration):
    """Sessions of before do not say whose they are, so they end: operators sign in again."""

    dependencies = [("accounts", "0001_accounts"), ("sessions", "0001_initial")]

    operations = [
        PATIENCE,
        migrations.CreateModel(
            "Session",
            [
                (
                    "session_key",
                    models.CharField(
                        max_length=40,
                        primary_key=True,
                        serialize=False,
                        verbose_name="session key",
                    ),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                (
                    "expire_date",
                    models.DateTimeField(db_index=True, verbose_name="expire date"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        django.db.models.deletion.CASCADE,
                        null=True,
                        related_name="sessions",
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
            },
        ),
        migrations.RunSQL("DELETE FROM django_session", migrations.RunSQL.noop),
        PATIENCE,
    ]
