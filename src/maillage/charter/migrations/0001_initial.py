import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from maillage.core.initial_migration import InitialMigration


class Migration(InitialMigration):
    initial = True

    dependencies = [
        ("labels", "0001_initial"),
        ("people", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("register", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("certification", "certification"),
                            ("accreditation", "accreditation"),
                            ("compliance", "statement of compliance"),
                        ],
                        max_length=14,
                    ),
                ),
                ("standard", models.CharField(max_length=120, verbose_name="standard")),
                ("issuer", models.CharField(max_length=200, verbose_name="issuer")),
                ("number", models.CharField(blank=True, max_length=80, verbose_name="number")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_until", models.DateField(verbose_name="valid until")),
            ],
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("commitment", models.CharField(max_length=60)),
                ("text", models.TextField(verbose_name="text")),
                (
                    "severity",
                    models.CharField(
                        choices=[("minor", "minor"), ("major", "major"), ("critical", "critical")], max_length=8
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due")),
                ("found_on", models.DateField()),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("open", "a plan is awaited"),
                            ("planned", "plan to be read"),
                            ("running", "plan being carried out"),
                            ("done", "every step done, to be closed"),
                            ("closed", "closed"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("request_reason", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Charter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, unique=True, verbose_name="key")),
                ("title_fr", models.CharField(max_length=120)),
                ("title_en", models.CharField(max_length=120)),
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
                    ),
                ),
                (
                    "label",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="charter", to="labels.label"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CharterVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("text", models.TextField()),
                ("applies_from", models.DateField(verbose_name="applies from")),
                ("published_at", models.DateTimeField(verbose_name="published")),
                ("author", models.CharField(max_length=200, verbose_name="author")),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "charter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="charter.charter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CharterVersionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("text", models.TextField()),
                ("applies_from", models.DateField(verbose_name="applies from")),
                ("published_at", models.DateTimeField(verbose_name="published")),
                ("author", models.CharField(max_length=200, verbose_name="author")),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "charter",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="charter.charter",
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
                        to="charter.charterversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begun_on", models.DateField(verbose_name="since")),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("public", "public"),
                            ("network", "network"),
                            ("organisation", "organisation"),
                            ("named", "named persons"),
                        ],
                        default="organisation",
                        max_length=12,
                    ),
                ),
                (
                    "award",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="follow_up", to="labels.award"
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="register.organisation",
                    ),
                ),
                (
                    "label",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="follow_ups", to="labels.label"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FindingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("commitment", models.CharField(max_length=60)),
                ("text", models.TextField(verbose_name="text")),
                (
                    "severity",
                    models.CharField(
                        choices=[("minor", "minor"), ("major", "major"), ("critical", "critical")], max_length=8
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due")),
                ("found_on", models.DateField()),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("open", "a plan is awaited"),
                            ("planned", "plan to be read"),
                            ("running", "plan being carried out"),
                            ("done", "every step done, to be closed"),
                            ("closed", "closed"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("request_reason", models.TextField(blank=True)),
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
                        to="charter.finding",
                    ),
                ),
                (
                    "follow_up",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="charter.followup",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="finding",
            name="follow_up",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="findings", to="charter.followup"
            ),
        ),
        migrations.CreateModel(
            name="CertificateEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("certification", "certification"),
                            ("accreditation", "accreditation"),
                            ("compliance", "statement of compliance"),
                        ],
                        max_length=14,
                    ),
                ),
                ("standard", models.CharField(max_length=120, verbose_name="standard")),
                ("issuer", models.CharField(max_length=200, verbose_name="issuer")),
                ("number", models.CharField(blank=True, max_length=80, verbose_name="number")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_until", models.DateField(verbose_name="valid until")),
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
                        to="charter.certificate",
                    ),
                ),
                (
                    "follow_up",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="charter.followup",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="certificate",
            name="follow_up",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="certificates", to="charter.followup"
            ),
        ),
        migrations.CreateModel(
            name="FollowUpEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("begun_on", models.DateField(verbose_name="since")),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("public", "public"),
                            ("network", "network"),
                            ("organisation", "organisation"),
                            ("named", "named persons"),
                        ],
                        default="organisation",
                        max_length=12,
                    ),
                ),
                (
                    "award",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="labels.award",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.organisation",
                    ),
                ),
                (
                    "label",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="labels.label",
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
                        to="charter.followup",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Objective",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, verbose_name="key")),
                ("text", models.CharField(max_length=300, verbose_name="text")),
                ("unit", models.CharField(blank=True, max_length=40, verbose_name="unit")),
                ("figure", models.CharField(blank=True, max_length=60)),
                ("fewer", models.BooleanField(default=False)),
                (
                    "follow_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="objectives", to="charter.followup"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ObjectiveEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("key", models.CharField(max_length=60, verbose_name="key")),
                ("text", models.CharField(max_length=300, verbose_name="text")),
                ("unit", models.CharField(blank=True, max_length=40, verbose_name="unit")),
                ("figure", models.CharField(blank=True, max_length=60)),
                ("fewer", models.BooleanField(default=False)),
                (
                    "follow_up",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="charter.followup",
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
                        to="charter.objective",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("commitment", models.CharField(max_length=60)),
                ("text", models.TextField(blank=True)),
                ("given_on", models.DateField()),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "follow_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="proofs", to="charter.followup"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProofEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("commitment", models.CharField(max_length=60)),
                ("text", models.TextField(blank=True)),
                ("given_on", models.DateField()),
                (
                    "by",
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
                (
                    "follow_up",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="charter.followup",
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
                        to="charter.proof",
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
                ("about", models.CharField(max_length=120)),
                ("sent_at", models.DateTimeField()),
                (
                    "follow_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="charter.followup"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewMeeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("review", models.CharField(max_length=60)),
                ("held_on", models.DateField()),
                ("minutes", models.TextField(blank=True)),
                ("conclusion", models.TextField()),
                (
                    "follow_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="meetings", to="charter.followup"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewMeetingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("review", models.CharField(max_length=60)),
                ("held_on", models.DateField()),
                ("minutes", models.TextField(blank=True)),
                ("conclusion", models.TextField()),
                (
                    "follow_up",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="charter.followup",
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
                        to="charter.reviewmeeting",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("text", models.TextField()),
                ("who", models.CharField(max_length=200)),
                ("due_on", models.DateField()),
                ("done_on", models.DateField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="charter.finding"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StepEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("text", models.TextField()),
                ("who", models.CharField(max_length=200)),
                ("due_on", models.DateField()),
                ("done_on", models.DateField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "finding",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="charter.finding",
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
                        to="charter.step",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("year", models.PositiveSmallIntegerField()),
                ("target", models.DecimalField(decimal_places=2, max_digits=16)),
                ("reached", models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ("evidence", models.TextField(blank=True)),
                (
                    "objective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="targets", to="charter.objective"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TargetEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("year", models.PositiveSmallIntegerField()),
                ("target", models.DecimalField(decimal_places=2, max_digits=16)),
                ("reached", models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ("evidence", models.TextField(blank=True)),
                (
                    "objective",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="charter.objective",
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
                        to="charter.target",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CharterEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("key", models.CharField(max_length=60, verbose_name="key")),
                ("title_fr", models.CharField(max_length=120)),
                ("title_en", models.CharField(max_length=120)),
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
                    ),
                ),
                (
                    "label",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="labels.label",
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
                        to="charter.charter",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["id", "pgh_created_at"], name="charter_cha_id_e8f9fe_idx")],
            },
        ),
        migrations.AddConstraint(
            model_name="charterversion",
            constraint=models.UniqueConstraint(fields=("charter", "version"), name="charter_version_once"),
        ),
        migrations.AddIndex(
            model_name="charterversionevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="charter_cha_id_9f2e66_idx"),
        ),
        migrations.AddIndex(
            model_name="findingevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="charter_fin_id_588b14_idx"),
        ),
        migrations.AddIndex(
            model_name="certificateevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="charter_cer_id_3fe62a_idx"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__gte", models.F("valid_from"))), name="certificate_begins_first"
            ),
        ),
        migrations.AddIndex(
            model_name="followupevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="charter_fol_id_1457d7_idx"),
        ),
        migrations.AddConstraint(
            model_name="objective",
            constraint=models.UniqueConstraint(fields=("follow_up", "key"), name="objective_once"),
        ),
        migrations.AddIndex(
            model_name="objectiveevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="charter_obj_id_2effec_idx"),
        ),
        migrations.AddConstraint(
            model_name="proof",
            constraint=models.CheckConstraint(
                condition=models.Q(("digest", ""), ("text", ""), _negated=True), name="proof_says_something"
            ),
        ),
        migrations.AddIndex(
            model_name="proofevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="charter_pro_id_bc774d_idx"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(fields=("follow_up", "about"), name="reminded_once"),
        ),
        migrations.AddConstraint(
            model_name="reviewmeeting",
            constraint=models.UniqueConstraint(fields=("follow_up", "review"), name="review_held_once"),
        ),
        migrations.AddIndex(
            model_name="reviewmeetingevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="charter_rev_id_4ab165_idx"),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("done_on", None), models.Q(("digest", ""), ("reason", ""), _negated=True), _connector="OR"
                ),
                name="step_done_with_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="stepevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="charter_ste_id_724bf7_idx"),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.UniqueConstraint(fields=("objective", "year"), name="target_once_per_year"),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reached", None), models.Q(("digest", ""), ("evidence", ""), _negated=True), _connector="OR"
                ),
                name="reached_with_evidence",
            ),
        ),
        migrations.AddIndex(
            model_name="targetevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="charter_tar_id_49d6c2_idx"),
        ),
    ]
