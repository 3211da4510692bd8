import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

from maillage.core.initial_migration import InitialMigration


class Migration(InitialMigration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stopped_days", models.PositiveSmallIntegerField(default=0)),
                ("title", models.CharField(max_length=300)),
                ("record_kind", models.CharField(blank=True, max_length=60)),
                ("record_id", models.BigIntegerField(blank=True, null=True)),
                ("organisation_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "also_for",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("delay", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("state", models.CharField(max_length=60, verbose_name="state")),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("opened_by", models.BigIntegerField(blank=True, null=True)),
                ("entered_at", models.DateTimeField(verbose_name="since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                ("remind_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("country", models.CharField(blank=True, max_length=2)),
                ("region", models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="ProcessDefinition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("document", models.JSONField()),
                ("text", models.TextField()),
                ("published_at", models.DateTimeField(verbose_name="published")),
                ("author", models.CharField(max_length=200, verbose_name="author")),
                ("reason", models.TextField(verbose_name="reason")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("name", "version"), name="definition_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="definition_version_counts_from_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("opened", "opened"), ("fired", "taken on"), ("moved", "moved to another version")],
                        max_length=10,
                    ),
                ),
                ("transition", models.CharField(blank=True, max_length=60)),
                ("before", models.CharField(blank=True, max_length=60)),
                ("after", models.CharField(max_length=60)),
                ("actor", models.CharField(max_length=200)),
                ("user", models.BigIntegerField(blank=True, null=True)),
                ("on_behalf", models.CharField(blank=True, max_length=400)),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="workflow.case"
                    ),
                ),
                (
                    "definition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflow.processdefinition"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="case",
            name="definition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="workflow.processdefinition"
            ),
        ),
        migrations.CreateModel(
            name="ProcessDefinitionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("document", models.JSONField()),
                ("text", models.TextField()),
                ("published_at", models.DateTimeField(verbose_name="published")),
                ("author", models.CharField(max_length=200, verbose_name="author")),
                ("reason", models.TextField(verbose_name="reason")),
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
                        to="workflow.processdefinition",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entered_at", models.DateTimeField()),
                ("offset", models.SmallIntegerField()),
                ("raised_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="workflow.case"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseStepEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("opened", "opened"), ("fired", "taken on"), ("moved", "moved to another version")],
                        max_length=10,
                    ),
                ),
                ("transition", models.CharField(blank=True, max_length=60)),
                ("before", models.CharField(blank=True, max_length=60)),
                ("after", models.CharField(max_length=60)),
                ("actor", models.CharField(max_length=200)),
                ("user", models.BigIntegerField(blank=True, null=True)),
                ("on_behalf", models.CharField(blank=True, max_length=400)),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="workflow.case",
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
                        to="workflow.casestep",
                    ),
                ),
                (
                    "definition",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="workflow.processdefinition",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["id", "pgh_created_at"], name="workflow_ca_id_7212d9_idx")],
            },
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("stopped_days", models.PositiveSmallIntegerField(default=0)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("title", models.CharField(max_length=300)),
                ("record_kind", models.CharField(blank=True, max_length=60)),
                ("record_id", models.BigIntegerField(blank=True, null=True)),
                ("organisation_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "also_for",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("delay", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("state", models.CharField(max_length=60, verbose_name="state")),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("opened_by", models.BigIntegerField(blank=True, null=True)),
                ("entered_at", models.DateTimeField(verbose_name="since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                ("remind_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("country", models.CharField(blank=True, max_length=2)),
                ("region", models.CharField(blank=True, max_length=60)),
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
                        to="workflow.case",
                    ),
                ),
                (
                    "definition",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="workflow.processdefinition",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["id", "pgh_created_at"], name="workflow_ca_id_70c7d9_idx")],
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("ended_at", None)), fields=["roles"], name="case_waits_for"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=models.Q(("ended_at", None)), fields=["due_at", "id"], name="case_due"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("remind_at__isnull", False)), fields=["remind_at"], name="case_remind"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["record_kind", "record_id"], name="case_record"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["organisation_id"], name="case_organisation"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=django.contrib.postgres.indexes.GinIndex(fields=["also_for"], name="case_also_for"),
        ),
        migrations.AddIndex(
            model_name="processdefinitionevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="workflow_pr_id_d5c421_idx"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(fields=("case", "entered_at", "offset"), name="reminder_raised_once"),
        ),
    ]
