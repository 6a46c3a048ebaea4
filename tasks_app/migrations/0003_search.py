from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

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
# For either way: a change of a table waits for its turn no longer than others may wait behind it.
PATIENCE = migrations.RunSQL("SET LOCAL lock_timeout = '2s'", "SET LOCAL lock_timeout = '2s'")


class Migration(migrations.Migration):
    """A column that PostgreSQL keeps itself; the model does not know it. 0006 fills it."""

    dependencies = [("tasks_app", "0002_tag_details_and_calendar_data")]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        PATIENCE,
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(
            "ALTER TABLE tasks_app_task ADD COLUMN search tsvector",
            "ALTER TABLE tasks_app_task DROP COLUMN search",
        ),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER keep_search ON tasks_app_task"),
        PATIENCE,
    ]
