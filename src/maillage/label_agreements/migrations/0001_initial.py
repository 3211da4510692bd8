import django.contrib.postgres.fields.ranges
import django.contrib.postgres.functions
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from maillage.core.initial_migration import InitialMigration


class Migration(InitialMigration):
    initial = True

    dependencies = [
        ("calls", "0001_initial"),
        ("labels", "0001_initial"),
        ("people", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("register", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Clause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("heading", models.CharField(max_length=60)),
                ("value", models.JSONField(null=True)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("on_behalf", models.CharField(blank=True, max_length=400)),
                ("at", models.DateTimeField()),
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
            ],
        ),
        migrations.CreateModel(
            name="LabelAgreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="agreement", to="labels.award"
                    ),
                ),
                (
                    "terms",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="calls.callversion"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LabelAgreementParty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("lead", "leads"),
                            ("host", "host establishment"),
                            ("partner", "partner"),
                            ("office", "runs the call"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="label_agreements.labelagreement",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LabelAgreementPartyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("lead", "leads"),
                            ("host", "host establishment"),
                            ("partner", "partner"),
                            ("office", "runs the call"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="label_agreements.labelagreement",
                    ),
                ),
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
                        to="label_agreements.labelagreementparty",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LabelAgreementSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField()),
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
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LabelAgreementVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("begun_at", models.DateTimeField(verbose_name="begun")),
                ("in_force_at", models.DateTimeField(blank=True, null=True, verbose_name="in force since")),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="label_agreements.labelagreement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LabelAgreementSignatureEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField()),
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
                        to="label_agreements.labelagreementsignature",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="label_agreements.labelagreementversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="labelagreementsignature",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="signatures",
                to="label_agreements.labelagreementversion",
            ),
        ),
        migrations.CreateModel(
            name="LabelAgreementEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
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
                        to="label_agreements.labelagreement",
                    ),
                ),
                (
                    "terms",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="calls.callversion",
                    ),
                ),
                (
                    "in_force",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="label_agreements.labelagreementversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="labelagreement",
            name="in_force",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="current_of",
                to="label_agreements.labelagreementversion",
            ),
        ),
        migrations.CreateModel(
            name="ClauseEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("heading", models.CharField(max_length=60)),
                ("value", models.JSONField(null=True)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("on_behalf", models.CharField(blank=True, max_length=400)),
                ("at", models.DateTimeField()),
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
                        to="label_agreements.clause",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="label_agreements.labelagreementversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="clause",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="clauses",
                to="label_agreements.labelagreementversion",
            ),
        ),
        migrations.CreateModel(
            name="LabelAgreementVersionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("begun_at", models.DateTimeField(verbose_name="begun")),
                ("in_force_at", models.DateTimeField(blank=True, null=True, verbose_name="in force since")),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "agreement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="label_agreements.labelagreement",
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
                        to="label_agreements.labelagreementversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PerimeterEntity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "share",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="share"),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="to")),
                ("confirmed", models.BooleanField(default=False)),
                ("edition", models.PositiveIntegerField(default=1)),
                (
                    "host",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.organisation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.organisation"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entities",
                        to="label_agreements.labelagreementversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PerimeterEntityEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "share",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="share"),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="to")),
                ("confirmed", models.BooleanField(default=False)),
                ("edition", models.PositiveIntegerField(default=1)),
                (
                    "host",
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
                        to="label_agreements.perimeterentity",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="label_agreements.labelagreementversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PerimeterMember",
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
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="labels.award"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="register.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PerimeterMemberEvent",
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
                        to="label_agreements.perimetermember",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="labelagreementparty",
            constraint=models.UniqueConstraint(fields=("agreement", "organisation"), name="party_once_per_convention"),
        ),
        migrations.AddIndex(
            model_name="labelagreementpartyevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="label_agree_id_85b438_idx"),
        ),
        migrations.AddConstraint(
            model_name="labelagreementversion",
            constraint=models.UniqueConstraint(fields=("agreement", "number"), name="convention_version_once"),
        ),
        migrations.AddConstraint(
            model_name="labelagreementversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("in_force_at", None)), fields=("agreement",), name="convention_has_one_draft"
            ),
        ),
        migrations.AddConstraint(
            model_name="labelagreementversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", 1), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="amended_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="labelagreementversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("digest", ""), ("in_force_at", None)),
                    models.Q(models.Q(("in_force_at", None), _negated=True), models.Q(("digest", ""), _negated=True)),
                    _connector="OR",
                ),
                name="convention_in_force_is_sealed",
            ),
        ),
        migrations.AddIndex(
            model_name="labelagreementsignatureevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="label_agree_id_a21844_idx"),
        ),
        migrations.AddConstraint(
            model_name="labelagreementsignature",
            constraint=models.UniqueConstraint(fields=("version", "organisation"), name="convention_signed_once"),
        ),
        migrations.AddIndex(
            model_name="labelagreementevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="label_agree_id_b39b54_idx"),
        ),
        migrations.AddIndex(
            model_name="labelagreement",
            index=models.Index(fields=["-opened_at", "-id"], name="convention_newest"),
        ),
        migrations.AddIndex(
            model_name="clauseevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="label_agree_id_f5f1fe_idx"),
        ),
        migrations.AddConstraint(
            model_name="clause",
            constraint=models.UniqueConstraint(fields=("version", "heading"), name="clause_once_per_heading"),
        ),
        migrations.AddIndex(
            model_name="labelagreementversionevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="label_agree_id_9cc6ca_idx"),
        ),
        migrations.AddConstraint(
            model_name="perimeterentity",
            constraint=models.UniqueConstraint(fields=("version", "organisation"), name="entity_once_per_version"),
        ),
        migrations.AddConstraint(
            model_name="perimeterentity",
            constraint=models.CheckConstraint(
                condition=models.Q(("share", None), models.Q(("share__gt", 0), ("share__lte", 100)), _connector="OR"),
                name="share_of_a_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="perimeterentity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed", False), models.Q(("host__isnull", False), ("share__isnull", False)), _connector="OR"
                ),
                name="confirmed_in_full",
            ),
        ),
        migrations.AddConstraint(
            model_name="perimeterentity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since", None), ("until", None), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="entity_begins_first",
            ),
        ),
        migrations.AddIndex(
            model_name="perimeterentityevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="label_agree_id_12a870_idx"),
        ),
        migrations.AddConstraint(
            model_name="perimetermember",
            constraint=models.CheckConstraint(
                condition=models.Q(("certain__contained_by", models.F("possible"))),
                name="label_agreements_perimetermember_certain_is_possible",
            ),
        ),
        migrations.AddConstraint(
            model_name="perimetermember",
            constraint=models.UniqueConstraint(fields=("award", "organisation"), name="member_once_per_award"),
        ),
        migrations.AddIndex(
            model_name="perimetermemberevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="label_agree_id_bff37a_idx"),
        ),
    ]
