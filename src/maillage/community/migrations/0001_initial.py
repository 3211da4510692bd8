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
            name="Agreement",
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
                ("kind_en", models.CharField(max_length=200)),
                ("kind_fr", models.CharField(blank=True, max_length=200)),
                ("purpose_en", models.TextField(blank=True)),
                ("purpose_fr", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("certain__contained_by", models.F("possible"))),
                        name="community_agreement_certain_is_possible",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementParty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(blank=True, max_length=200)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parties", to="community.agreement"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreement_parties",
                        to="register.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="AgreementPartyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("text", models.CharField(blank=True, max_length=200)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "agreement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="community.agreement",
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
                        to="community.agreementparty",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Event",
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
                ("name", models.CharField(max_length=300, verbose_name="name as announced")),
                ("title_en", models.CharField(blank=True, max_length=300)),
                ("title_fr", models.CharField(blank=True, max_length=300)),
                ("kind_en", models.CharField(max_length=120)),
                ("kind_fr", models.CharField(blank=True, max_length=120)),
                ("organiser_text", models.CharField(blank=True, max_length=200)),
                (
                    "organiser",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events_organised",
                        to="register.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EventEvent",
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
                ("name", models.CharField(max_length=300, verbose_name="name as announced")),
                ("title_en", models.CharField(blank=True, max_length=300)),
                ("title_fr", models.CharField(blank=True, max_length=300)),
                ("kind_en", models.CharField(max_length=120)),
                ("kind_fr", models.CharField(blank=True, max_length=120)),
                ("organiser_text", models.CharField(blank=True, max_length=200)),
                (
                    "organiser",
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
                        to="community.event",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Funding",
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
                ("payer_text", models.CharField(blank=True, max_length=200)),
                ("payee_text", models.CharField(blank=True, max_length=200)),
                (
                    "amount",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="amount"),
                ),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("purpose_en", models.TextField()),
                ("purpose_fr", models.TextField(blank=True)),
                ("year", models.CharField(blank=True, max_length=20, verbose_name="year")),
                (
                    "payee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="funding_received",
                        to="register.organisation",
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="funding_paid",
                        to="register.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FundingEvent",
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
                ("payer_text", models.CharField(blank=True, max_length=200)),
                ("payee_text", models.CharField(blank=True, max_length=200)),
                (
                    "amount",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="amount"),
                ),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("purpose_en", models.TextField()),
                ("purpose_fr", models.TextField(blank=True)),
                ("year", models.CharField(blank=True, max_length=20, verbose_name="year")),
                (
                    "payee",
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
                    "payer",
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
                        to="community.funding",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AgreementEvent",
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
                ("kind_en", models.CharField(max_length=200)),
                ("kind_fr", models.CharField(blank=True, max_length=200)),
                ("purpose_en", models.TextField(blank=True)),
                ("purpose_fr", models.TextField(blank=True)),
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
                        to="community.agreement",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["id", "pgh_created_at"], name="community_a_id_c18b6f_idx")],
            },
        ),
        migrations.AddConstraint(
            model_name="agreementparty",
            constraint=models.UniqueConstraint(fields=("agreement", "position"), name="agreement_party_position"),
        ),
        migrations.AddIndex(
            model_name="agreementpartyevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="community_a_id_841fed_idx"),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(("certain__contained_by", models.F("possible"))),
                name="community_event_certain_is_possible",
            ),
        ),
        migrations.AddIndex(
            model_name="eventevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="community_e_id_4e7288_idx"),
        ),
        migrations.AddConstraint(
            model_name="funding",
            constraint=models.CheckConstraint(
                condition=models.Q(("certain__contained_by", models.F("possible"))),
                name="community_funding_certain_is_possible",
            ),
        ),
        migrations.AddConstraint(
            model_name="funding",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", None), models.Q(("currency", ""), _negated=True), _connector="OR"),
                name="amount_has_a_currency",
            ),
        ),
        migrations.AddIndex(
            model_name="fundingevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="community_f_id_9a3d46_idx"),
        ),
    ]
