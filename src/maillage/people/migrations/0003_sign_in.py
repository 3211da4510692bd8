"""The table in which the processes of the site share what they count: attempts to sign in, codes asked for."""

from django.db import migrations

MAKE = """
    CREATE UNLOGGED TABLE people_cache (
        cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
    );
    CREATE INDEX people_cache_expires ON people_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_mandates")]

    operations = [migrations.RunSQL(MAKE, "DROP TABLE people_cache")]
