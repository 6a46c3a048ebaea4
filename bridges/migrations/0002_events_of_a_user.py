from django.db import migrations, models

# Repeatable: one that was interrupted leaves an index that nothing uses.
DROP = "DROP INDEX CONCURRENTLY IF EXISTS event_user"


class Migration(migrations.Migration):
    """An export and an erasure read one user's events, and not everybody's."""

    atomic = False

    dependencies = [("bridges", "0001_event_log")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [DROP, "CREATE INDEX CONCURRENTLY event_user ON event_log (user_id, seq)"],
                    DROP,
                )
            ],
            state_operations=[
                migrations.AddIndex(
                    "event", models.Index(fields=["user_id", "seq"], name="event_user")
                )
            ],
        )
    ]
