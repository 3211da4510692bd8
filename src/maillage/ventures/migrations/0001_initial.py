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
            name="Startup",
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
                ("key", models.CharField(max_length=80, unique=True, verbose_name="key")),
                ("origin_text_en", models.CharField(blank=True, max_length=300)),
                ("origin_text_fr", models.CharField(blank=True, max_length=300)),
                ("field_en", models.TextField(blank=True)),
                ("field_fr", models.TextField(blank=True)),
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="startup", to="register.organisation"
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spin_offs",
                        to="register.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StartupEvent",
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
                ("key", models.CharField(max_length=80, verbose_name="key")),
                ("origin_text_en", models.CharField(blank=True, max_length=300)),
                ("origin_text_fr", models.CharField(blank=True, max_length=300)),
                ("field_en", models.TextField(blank=True)),
                ("field_fr", models.TextField(blank=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.organisation",
                    ),
                ),
                (
                    "origin",
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
                        to="ventures.startup",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="startup",
            constraint=models.CheckConstraint(
                condition=models.Q(("certain__contained_by", models.F("possible"))),
                name="ventures_startup_certain_is_possible",
            ),
        ),
        migrations.AddIndex(
            model_name="startupevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="ventures_st_id_d48c94_idx"),
        ),
    ]
