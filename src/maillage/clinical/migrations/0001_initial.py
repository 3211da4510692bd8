import django.contrib.postgres.fields.ranges
import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models

from maillage.core.initial_migration import InitialMigration


class Migration(InitialMigration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("register", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Trial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("period_start", models.CharField(blank=True, max_length=20, verbose_name="from")),
                ("period_end", models.CharField(blank=True, default="..", max_length=20, verbose_name="to")),
                ("attested", models.CharField(blank=True, max_length=45, verbose_name="attested")),
                ("certain", django.contrib.postgres.fields.ranges.DateRangeField(editable=False)),
                ("possible", django.contrib.postgres.fields.ranges.DateRangeField(editable=False)),
                ("days", django.contrib.postgres.fields.ranges.DateRangeField(editable=False)),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("public", "public"),
                            ("network", "network"),
                            ("organisation", "organisation"),
                            ("named", "named persons"),
                        ],
                        default="public",
                        max_length=12,
                        verbose_name="visibility",
                    ),
                ),
                ("note_en", models.TextField(blank=True)),
                ("note_fr", models.TextField(blank=True)),
                ("registry", models.CharField(max_length=60, verbose_name="register")),
                ("number", models.CharField(max_length=60, verbose_name="number")),
                ("short_title_en", models.CharField(max_length=400)),
                ("short_title_fr", models.CharField(blank=True, max_length=400)),
                ("phase_en", models.CharField(blank=True, max_length=60)),
                ("phase_fr", models.CharField(blank=True, max_length=60)),
                ("sponsor_text", models.CharField(blank=True, max_length=200)),
                ("status_seen_en", models.CharField(blank=True, max_length=200)),
                ("status_seen_fr", models.CharField(blank=True, max_length=200)),
                (
                    "planned_participants",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="planned participants"),
                ),
                ("sites_en", models.CharField(blank=True, max_length=400)),
                ("sites_fr", models.CharField(blank=True, max_length=400)),
                (
                    "sponsor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trials_sponsored",
                        to="register.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TrialGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trial_links",
                        to="register.organisation",
                    ),
                ),
                (
                    "trial",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="group_links", to="clinical.trial"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="trial",
            name="groups",
            field=models.ManyToManyField(
                related_name="trials_coordinated", through="clinical.TrialGroup", to="register.organisation"
            ),
        ),
        migrations.CreateModel(
            name="TrialGroupEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "group",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.organisation",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinical.trialgroup",
                    ),
                ),
                (
                    "trial",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="clinical.trial",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TrialEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("uid", models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("period_start", models.CharField(blank=True, max_length=20, verbose_name="from")),
                ("period_end", models.CharField(blank=True, default="..", max_length=20, verbose_name="to")),
                ("attested", models.CharField(blank=True, max_length=45, verbose_name="attested")),
                ("certain", django.contrib.postgres.fields.ranges.DateRangeField(editable=False)),
                ("possible", django.contrib.postgres.fields.ranges.DateRangeField(editable=False)),
                ("days", django.contrib.postgres.fields.ranges.DateRangeField(editable=False)),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("public", "public"),
                            ("network", "network"),
                            ("organisation", "organisation"),
                            ("named", "named persons"),
                        ],
                        default="public",
                        max_length=12,
                        verbose_name="visibility",
                    ),
                ),
                ("note_en", models.TextField(blank=True)),
                ("note_fr", models.TextField(blank=True)),
                ("registry", models.CharField(max_length=60, verbose_name="register")),
                ("number", models.CharField(max_length=60, verbose_name="number")),
                ("short_title_en", models.CharField(max_length=400)),
                ("short_title_fr", models.CharField(blank=True, max_length=400)),
                ("phase_en", models.CharField(blank=True, max_length=60)),
                ("phase_fr", models.CharField(blank=True, max_length=60)),
                ("sponsor_text", models.CharField(blank=True, max_length=200)),
                ("status_seen_en", models.CharField(blank=True, max_length=200)),
                ("status_seen_fr", models.CharField(blank=True, max_length=200)),
                (
                    "planned_participants",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="planned participants"),
                ),
                ("sites_en", models.CharField(blank=True, max_length=400)),
                ("sites_fr", models.CharField(blank=True, max_length=400)),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="clinical.trial",
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["id", "pgh_created_at"], name="clinical_tr_id_396200_idx")],
            },
        ),
        migrations.AddConstraint(
            model_name="trialgroup",
            constraint=models.UniqueConstraint(fields=("trial", "group"), name="trial_group_once"),
        ),
        migrations.AddConstraint(
            model_name="trial",
            constraint=models.CheckConstraint(
                condition=models.Q(("certain__contained_by", models.F("possible"))),
                name="clinical_trial_certain_is_possible",
            ),
        ),
        migrations.AddConstraint(
            model_name="trial",
            constraint=models.UniqueConstraint(fields=("registry", "number"), name="trial_once_per_registry"),
        ),
        migrations.AddIndex(
            model_name="trialgroupevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="clinical_tr_id_5cb48c_idx"),
        ),
    ]
