from typing import Any

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

BATCH = 5000  # rows a transaction, when the column is filled

# Every ASCII sign parts words, so that "rent/flat" is two, and none can mean anything in a query.
FUNCTIONS = r"""
CREATE FUNCTION tasks_app_words(said text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT btrim(regexp_replace(translate(
        unaccent(said), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32)
    ), '\s+', ' ', 'g'))
$$;
CREATE FUNCTION tasks_app_query(said text) RETURNS tsquery LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN words = '' THEN ''::tsquery
           ELSE to_tsquery('simple', replace(words, ' ', ':* & ') || ':*') END
    FROM tasks_app_words(said) AS words
$$;
CREATE FUNCTION tasks_app_keep_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search := setweight(to_tsvector('simple', tasks_app_words(NEW.title)), 'A')
        || setweight(to_tsvector('simple', tasks_app_words(NEW.description)), 'B');
    RETURN NEW;
END
$$;
"""
NO_FUNCTIONS = """
DROP FUNCTION tasks_app_keep_search();
DROP FUNCTION tasks_app_query(text);
DROP FUNCTION tasks_app_words(text);
"""
TRIGGER = """
CREATE TRIGGER keep_search BEFORE INSERT OR UPDATE OF title, description ON tasks_app_task
FOR EACH ROW EXECUTE FUNCTION tasks_app_keep_search()
"""
FILL = """
UPDATE tasks_app_task SET title = title
WHERE id IN (SELECT id FROM tasks_app_task WHERE id > %s AND search IS NULL ORDER BY id LIMIT %s)
RETURNING id
"""


def fill(apps: Any, schema_editor: Any) -> None:
    last = 0
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(FILL, [last, BATCH])
            ids = [row[0] for row in cursor.fetchall()]
            if not ids:
                return
            last = max(ids)


class Migration(migrations.Migration):
    """A column that PostgreSQL keeps itself; the model does not know it."""

    atomic = False

    dependencies = [("tasks_app", "0002_tag_details_and_calendar_data")]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL("SET lock_timeout = '2s'", "SET lock_timeout = '2s'"),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(
            "ALTER TABLE tasks_app_task ADD COLUMN search tsvector",
            "ALTER TABLE tasks_app_task DROP COLUMN search",
        ),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER keep_search ON tasks_app_task"),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL("RESET lock_timeout", "RESET lock_timeout"),
    ]
