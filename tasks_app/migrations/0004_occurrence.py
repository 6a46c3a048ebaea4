from django.db import migrations, models

# For either way: a change of a table waits for its turn no longer than others may wait behind it.
PATIENCE = migrations.RunSQL("SET LOCAL lock_timeout = '2s'", "SET LOCAL lock_timeout = '2s'")


class Migration(migrations.Migration):
    dependencies = [("tasks_app", "0003_search")]

    operations = [
        PATIENCE,
        migrations.AddField(
            "task",
            "occurrence",
            models.CharField(max_length=19, default="", db_default="", editable=False),
        ),
        PATIENCE,
    ]
