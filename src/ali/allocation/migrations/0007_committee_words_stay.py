"""Votes, conflicts, minutes and their notes are written once: the database itself refuses to change or remove them."""

from django.db import migrations

TABLES = (
    "allocation_committeevote",
    "allocation_committeeconflict",
    "allocation_minutes",
    "allocation_minutesnote",
)
SENTENCE = "quello che dice un comitato non si cambia"

POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION allocation_written_stays() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END
$$ LANGUAGE plpgsql
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION allocation_written_stays()
"""
SQLITE_TRIGGER = f"""
CREATE TRIGGER {{table}}_stays_{{verb}} BEFORE {{verb}} ON {{table}}
BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END
"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES_FUNCTION)
        for table in TABLES:
            schema_editor.execute(POSTGRES_TRIGGER.format(table=table))
        return
    for table in TABLES:
        for verb in ("update", "delete"):
            schema_editor.execute(SQLITE_TRIGGER.format(table=table, verb=verb))


def release(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP TRIGGER {table}_stays ON {table}")
        schema_editor.execute("DROP FUNCTION allocation_written_stays()")
        return
    for table in TABLES:
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER {table}_stays_{verb}")


class Migration(migrations.Migration):
    dependencies = [("allocation", "0006_committees")]

    operations = [migrations.RunPython(guard, release)]
