import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import maillage.people.models
import maillage.register.models
from maillage.core.initial_migration import InitialMigration


class Migration(InitialMigration):
    dependencies = [
        ("people", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("register", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="register.organisation"
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="delegated_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="delegations",
                to="people.mandate",
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="given_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="mandates_given",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="mandates", to="register.organisation"
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="mandates", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="mandateevent",
            name="delegated_from",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="people.mandate",
            ),
        ),
        migrations.AddField(
            model_name="mandateevent",
            name="given_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="mandateevent",
            name="organisation",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="register.organisation",
            ),
        ),
        migrations.AddField(
            model_name="mandateevent",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="mandateevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="mandateevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="people.mandate",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day", None), ("last_day__gte", models.F("first_day")), _connector="OR"),
                name="mandate_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (maillage.register.models.SingleNumberRange("person"), "&&"),
                    (maillage.register.models.SingleNumberRange("organisation"), "&&"),
                    (maillage.register.models.SingleNumberRange(maillage.register.models.TextHash("role")), "&&"),
                    (maillage.people.models.MandateDays(), "&&"),
                ],
                name="mandate_held_once_at_a_time",
                violation_error_message="This person holds the same mandate over part of that period.",
            ),
        ),
        migrations.AddIndex(
            model_name="mandateevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="people_mand_id_268337_idx"),
        ),
        # The table in which the processes of the site share what they count: attempts to sign in, codes asked for.
        migrations.RunSQL(
            "CREATE UNLOGGED TABLE people_cache ("
            "cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);"
            "CREATE INDEX people_cache_expires ON people_cache (expires);",
            "DROP TABLE people_cache",
        ),
        # The audit page reads what was done from the latest on.
        migrations.RunSQL(
            "CREATE INDEX people_audit ON pghistory_context (created_at DESC, id DESC)", "DROP INDEX people_audit"
        ),
    ]
