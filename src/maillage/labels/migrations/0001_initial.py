import django.contrib.postgres.fields
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
            name="SigningKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("thumbprint", models.CharField(max_length=43, unique=True)),
                ("public", models.JSONField()),
                ("sealed_private", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("leaked", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Award",
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
                ("holder_text", models.CharField(blank=True, max_length=200)),
                ("evidence_en", models.CharField(blank=True, max_length=300)),
                ("evidence_fr", models.CharField(blank=True, max_length=300)),
                ("probation_until", models.DateField(blank=True, null=True, verbose_name="on probation until")),
                ("simulated", models.BooleanField(default=False, verbose_name="simulated")),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="awards",
                        to="register.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Label",
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
                ("authority_text", models.CharField(blank=True, max_length=200)),
                ("name_fr", models.CharField(max_length=300)),
                ("name_en", models.CharField(blank=True, max_length=300)),
                ("purpose_en", models.TextField(blank=True)),
                ("purpose_fr", models.TextField(blank=True)),
                (
                    "authority",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="labels_granted",
                        to="register.organisation",
                    ),
                ),
                (
                    "managed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="labels_managed",
                        to="register.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AwardEvent",
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
                ("holder_text", models.CharField(blank=True, max_length=200)),
                ("evidence_en", models.CharField(blank=True, max_length=300)),
                ("evidence_fr", models.CharField(blank=True, max_length=300)),
                ("probation_until", models.DateField(blank=True, null=True, verbose_name="on probation until")),
                ("simulated", models.BooleanField(default=False, verbose_name="simulated")),
                (
                    "holder",
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
                        to="labels.award",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="award",
            name="label",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="awards", to="labels.label"
            ),
        ),
        migrations.CreateModel(
            name="LabelEvent",
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
                ("authority_text", models.CharField(blank=True, max_length=200)),
                ("name_fr", models.CharField(max_length=300)),
                ("name_en", models.CharField(blank=True, max_length=300)),
                ("purpose_en", models.TextField(blank=True)),
                ("purpose_fr", models.TextField(blank=True)),
                (
                    "authority",
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
                    "managed_by",
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
                        to="labels.label",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Parameter",
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
                    "name",
                    models.CharField(
                        choices=[
                            ("decides", "Decides"),
                            ("proposes", "On whose proposal"),
                            ("advises", "On whose opinion"),
                            ("runs", "Runs it"),
                            ("holders", "Who may hold it"),
                            ("length", "Length of a term"),
                            ("extension", "Extension"),
                            ("probation", "Length of a probation"),
                            ("preparation", "Length of a preparatory phase"),
                            ("uniqueness", "How many for one theme"),
                            ("quota", "At most, in the country"),
                            ("call-opened", "Call opened"),
                            ("call-closed", "Call closed"),
                            ("candidates", "Candidates"),
                            ("awarded", "Awarded"),
                            ("renewed", "of which renewed"),
                            ("preparatory", "Preparatory"),
                            ("on-probation", "On probation"),
                            ("lost", "Lost it"),
                            ("envelope", "Money in all"),
                            ("yearly-envelope", "Money each year"),
                            ("support", "Money for one holder"),
                            ("yearly-support", "Money for one holder, each year"),
                            ("legal-text", "Legal text"),
                        ],
                        max_length=20,
                        verbose_name="parameter",
                    ),
                ),
                ("number", models.DecimalField(blank=True, decimal_places=2, max_digits=15, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("day", models.CharField(blank=True, max_length=20)),
                (
                    "chosen",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
                ("text_fr", models.TextField(blank=True)),
                ("text_en", models.TextField(blank=True)),
                (
                    "mark",
                    models.CharField(
                        choices=[("confirmed", "confirmed"), ("derived", "derived"), ("uncertain", "uncertain")],
                        default="uncertain",
                        max_length=10,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scheme_parameters",
                        to="register.organisation",
                    ),
                ),
                (
                    "label",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parameters", to="labels.label"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Wave",
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
                ("key", models.CharField(max_length=40)),
                ("name_fr", models.CharField(blank=True, max_length=120)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("decided", models.CharField(blank=True, max_length=20, verbose_name="decided on")),
                ("outcome_en", models.TextField(blank=True)),
                ("outcome_fr", models.TextField(blank=True)),
                (
                    "mark",
                    models.CharField(
                        choices=[("confirmed", "confirmed"), ("derived", "derived"), ("uncertain", "uncertain")],
                        default="uncertain",
                        max_length=10,
                    ),
                ),
                (
                    "label",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="waves", to="labels.label"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ParameterEvent",
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
                    "name",
                    models.CharField(
                        choices=[
                            ("decides", "Decides"),
                            ("proposes", "On whose proposal"),
                            ("advises", "On whose opinion"),
                            ("runs", "Runs it"),
                            ("holders", "Who may hold it"),
                            ("length", "Length of a term"),
                            ("extension", "Extension"),
                            ("probation", "Length of a probation"),
                            ("preparation", "Length of a preparatory phase"),
                            ("uniqueness", "How many for one theme"),
                            ("quota", "At most, in the country"),
                            ("call-opened", "Call opened"),
                            ("call-closed", "Call closed"),
                            ("candidates", "Candidates"),
                            ("awarded", "Awarded"),
                            ("renewed", "of which renewed"),
                            ("preparatory", "Preparatory"),
                            ("on-probation", "On probation"),
                            ("lost", "Lost it"),
                            ("envelope", "Money in all"),
                            ("yearly-envelope", "Money each year"),
                            ("support", "Money for one holder"),
                            ("yearly-support", "Money for one holder, each year"),
                            ("legal-text", "Legal text"),
                        ],
                        max_length=20,
                        verbose_name="parameter",
                    ),
                ),
                ("number", models.DecimalField(blank=True, decimal_places=2, max_digits=15, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("day", models.CharField(blank=True, max_length=20)),
                (
                    "chosen",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
                ("text_fr", models.TextField(blank=True)),
                ("text_en", models.TextField(blank=True)),
                (
                    "mark",
                    models.CharField(
                        choices=[("confirmed", "confirmed"), ("derived", "derived"), ("uncertain", "uncertain")],
                        default="uncertain",
                        max_length=10,
                    ),
                ),
                (
                    "organisation",
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
                        to="labels.parameter",
                    ),
                ),
                (
                    "wave",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="labels.wave",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="parameter",
            name="wave",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="parameters",
                to="labels.wave",
            ),
        ),
        migrations.CreateModel(
            name="WaveEvent",
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
                ("key", models.CharField(max_length=40)),
                ("name_fr", models.CharField(blank=True, max_length=120)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("decided", models.CharField(blank=True, max_length=20, verbose_name="decided on")),
                ("outcome_en", models.TextField(blank=True)),
                ("outcome_fr", models.TextField(blank=True)),
                (
                    "mark",
                    models.CharField(
                        choices=[("confirmed", "confirmed"), ("derived", "derived"), ("uncertain", "uncertain")],
                        default="uncertain",
                        max_length=10,
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
                        to="labels.wave",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="label",
            constraint=models.CheckConstraint(
                condition=models.Q(("certain__contained_by", models.F("possible"))),
                name="labels_label_certain_is_possible",
            ),
        ),
        migrations.AddIndex(
            model_name="awardevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="labels_awar_id_6fad67_idx"),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(("certain__contained_by", models.F("possible"))),
                name="labels_award_certain_is_possible",
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.UniqueConstraint(
                fields=("label", "holder", "holder_text", "period_start"), name="award_once", nulls_distinct=False
            ),
        ),
        migrations.AddIndex(
            model_name="labelevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="labels_labe_id_9cdddf_idx"),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.CheckConstraint(
                condition=models.Q(("certain__contained_by", models.F("possible"))),
                name="labels_wave_certain_is_possible",
            ),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.UniqueConstraint(fields=("label", "key"), name="wave_once_per_label"),
        ),
        migrations.AddIndex(
            model_name="parameterevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="labels_para_id_e217ca_idx"),
        ),
        migrations.AddConstraint(
            model_name="parameter",
            constraint=models.CheckConstraint(
                condition=models.Q(("certain__contained_by", models.F("possible"))),
                name="labels_parameter_certain_is_possible",
            ),
        ),
        migrations.AddConstraint(
            model_name="parameter",
            constraint=models.UniqueConstraint(
                fields=("label", "wave", "name", "period_start"), name="parameter_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="parameter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("number__isnull", False),
                    models.Q(("day", ""), _negated=True),
                    ("organisation__isnull", False),
                    models.Q(("text_fr", ""), _negated=True),
                    models.Q(("chosen", []), _negated=True),
                    _connector="OR",
                ),
                name="parameter_has_a_value",
            ),
        ),
        migrations.AddIndex(
            model_name="waveevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="labels_wave_id_12d8d9_idx"),
        ),
    ]
