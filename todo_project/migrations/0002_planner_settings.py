from django.db import migrations

# Of this database, whoever connects to it, through a pooler or not. JIT compiles statements of a
# millisecond for a tenth of a second; and a disk without a moving head does not make a random page
# cost four times one in order: with that, the planner reads past the rows of all other users.
SETTINGS = {"jit": "off", "random_page_cost": "1.1"}

CHANGE = """
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I {change}', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    RAISE WARNING 'Let the owner of the database say: ALTER DATABASE % {change}',
        current_database();
END $$
"""


def _set(name: str, value: str) -> migrations.RunSQL:
    """For sessions that begin later, and for this one."""
    return migrations.RunSQL(
        [CHANGE.replace("{change}", f"SET {name} = {value}"), f"SET {name} = {value}"],
        [CHANGE.replace("{change}", f"RESET {name}"), f"RESET {name}"],
    )


class Migration(migrations.Migration):
    dependencies = [("todo_project", "0001_idempotency")]

    operations = [_set(name, value) for name, value in SETTINGS.items()]
