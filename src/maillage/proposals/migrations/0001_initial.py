import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from maillage.core.initial_migration import InitialMigration


class Migration(InitialMigration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("record", "record a fact"),
                            ("correct", "correct a fact"),
                            ("end", "end a fact"),
                            ("withdraw", "withdraw a fact"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("list_name", models.CharField(max_length=40, verbose_name="list")),
                ("fact_uid", models.UUIDField(blank=True, null=True)),
                ("title", models.CharField(max_length=400, verbose_name="fact")),
                ("values", models.JSONField(default=dict, verbose_name="values")),
                ("before", models.JSONField(default=dict)),
                ("written", models.JSONField(blank=True, null=True)),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "waits for its mail address to be confirmed"),
                            ("open", "waits for an answer"),
                            ("accepted", "accepted"),
                            ("refused", "refused"),
                            ("taken-back", "taken back by who proposed it"),
                        ],
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="proposed")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="answer due")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                ("decided_by", models.CharField(blank=True, max_length=200)),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="proposals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProposalEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("uid", models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("record", "record a fact"),
                            ("correct", "correct a fact"),
                            ("end", "end a fact"),
                            ("withdraw", "withdraw a fact"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("list_name", models.CharField(max_length=40, verbose_name="list")),
                ("fact_uid", models.UUIDField(blank=True, null=True)),
                ("title", models.CharField(max_length=400, verbose_name="fact")),
                ("values", models.JSONField(default=dict, verbose_name="values")),
                ("before", models.JSONField(default=dict)),
                ("written", models.JSONField(blank=True, null=True)),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "waits for its mail address to be confirmed"),
                            ("open", "waits for an answer"),
                            ("accepted", "accepted"),
                            ("refused", "refused"),
                            ("taken-back", "taken back by who proposed it"),
                        ],
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="proposed")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="answer due")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                ("decided_by", models.CharField(blank=True, max_length=200)),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
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
                        to="proposals.proposal",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Proposer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=200)),
                ("email", models.EmailField(max_length=254)),
                ("language", models.CharField(choices=[("fr", "French"), ("en", "English")], max_length=2)),
                ("undelivered", models.TextField(blank=True)),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="proposer", to="proposals.proposal"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["state", "-id"], name="proposals_p_state_a13202_idx"),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["fact_uid"], name="proposal_of_fact"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("fact_uid__isnull", False), ("kind", "record"), _connector="OR"),
                name="proposal_is_about_a_fact",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "unconfirmed"), _negated=True), ("readers", []), _connector="OR"),
                name="unconfirmed_proposal_has_no_reader",
            ),
        ),
        migrations.AddIndex(
            model_name="proposalevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="proposals_p_id_fb5d55_idx"),
        ),
    ]
