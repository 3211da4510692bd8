"""The audit page reads what was done from the latest on: the history's table of contexts gets an index for it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0003_sign_in"), ("pghistory", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX people_audit ON pghistory_context (created_at DESC, id DESC)", "DROP INDEX people_audit"
        )
    ]
