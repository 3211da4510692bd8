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
            name="EvidenceLoad",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "funder",
                    models.CharField(
                        choices=[
                            ("cordis", "European Union (CORDIS)"),
                            ("anr", "French National Research Agency (ANR)"),
                        ],
                        max_length=20,
                    ),
                ),
                ("folder", models.CharField(max_length=400)),
                ("counts", models.JSONField(default=dict)),
                ("written", models.PositiveIntegerField()),
                ("loaded_at", models.DateTimeField()),
                ("loaded_by", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="EvidenceRefusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.CharField(max_length=100)),
                ("row", models.PositiveBigIntegerField()),
                ("column", models.CharField(blank=True, max_length=60)),
                ("reason", models.TextField()),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="refusals", to="projects.evidenceload"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80, unique=True, verbose_name="key")),
                (
                    "funder",
                    models.CharField(
                        choices=[
                            ("cordis", "European Union (CORDIS)"),
                            ("anr", "French National Research Agency (ANR)"),
                        ],
                        max_length=20,
                        verbose_name="funder",
                    ),
                ),
                ("number", models.CharField(max_length=40, verbose_name="number")),
                ("name", models.CharField(max_length=400, verbose_name="name")),
                ("short_name", models.CharField(blank=True, max_length=400, verbose_name="short name")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("LAB", "public laboratory"),
                            ("PRC", "company"),
                            ("HES", "higher education"),
                            ("REC", "research organisation"),
                            ("PUB", "public body"),
                            ("OTH", "other organisation"),
                        ],
                        max_length=3,
                        verbose_name="kind",
                    ),
                ),
                ("category", models.CharField(blank=True, max_length=100, verbose_name="category")),
                ("small", models.BooleanField(blank=True, null=True, verbose_name="small or medium-sized")),
                ("vat", models.CharField(blank=True, max_length=40, verbose_name="VAT number")),
                ("rnsr", models.CharField(blank=True, max_length=10, verbose_name="RNSR number")),
                ("city", models.CharField(blank=True, max_length=120, verbose_name="town")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                ("region", models.CharField(blank=True, max_length=8, verbose_name="region (NUTS)")),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("website", models.CharField(blank=True, max_length=500, verbose_name="website")),
                (
                    "tie",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rnsr", "same RNSR number"),
                            ("vat", "same VAT number"),
                            ("website", "same website and country"),
                            ("name", "same name and country"),
                            ("town", "same name and town"),
                        ],
                        max_length=8,
                    ),
                ),
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
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parties",
                        to="register.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, verbose_name="number")),
                ("name", models.CharField(blank=True, max_length=400, verbose_name="name")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("coordinator", "coordinator"),
                            ("participant", "participant"),
                            ("associatedPartner", "associated partner"),
                            ("thirdParty", "third party"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("contribution", models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ("cost", models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ("ended", models.BooleanField(default=False)),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="participations", to="projects.party"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="PartyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("key", models.CharField(max_length=80, verbose_name="key")),
                (
                    "funder",
                    models.CharField(
                        choices=[
                            ("cordis", "European Union (CORDIS)"),
                            ("anr", "French National Research Agency (ANR)"),
                        ],
                        max_length=20,
                        verbose_name="funder",
                    ),
                ),
                ("number", models.CharField(max_length=40, verbose_name="number")),
                ("name", models.CharField(max_length=400, verbose_name="name")),
                ("short_name", models.CharField(blank=True, max_length=400, verbose_name="short name")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("LAB", "public laboratory"),
                            ("PRC", "company"),
                            ("HES", "higher education"),
                            ("REC", "research organisation"),
                            ("PUB", "public body"),
                            ("OTH", "other organisation"),
                        ],
                        max_length=3,
                        verbose_name="kind",
                    ),
                ),
                ("category", models.CharField(blank=True, max_length=100, verbose_name="category")),
                ("small", models.BooleanField(blank=True, null=True, verbose_name="small or medium-sized")),
                ("vat", models.CharField(blank=True, max_length=40, verbose_name="VAT number")),
                ("rnsr", models.CharField(blank=True, max_length=10, verbose_name="RNSR number")),
                ("city", models.CharField(blank=True, max_length=120, verbose_name="town")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                ("region", models.CharField(blank=True, max_length=8, verbose_name="region (NUTS)")),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("website", models.CharField(blank=True, max_length=500, verbose_name="website")),
                (
                    "tie",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rnsr", "same RNSR number"),
                            ("vat", "same VAT number"),
                            ("website", "same website and country"),
                            ("name", "same name and country"),
                            ("town", "same name and town"),
                        ],
                        max_length=8,
                    ),
                ),
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
                        to="projects.party",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Project",
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
                (
                    "funder",
                    models.CharField(
                        choices=[
                            ("cordis", "European Union (CORDIS)"),
                            ("anr", "French National Research Agency (ANR)"),
                        ],
                        max_length=20,
                        verbose_name="funder",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("project", "research project"),
                            ("joint-lab", "joint laboratory with a company"),
                            ("investment", "investment of the State"),
                        ],
                        default="project",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("number", models.CharField(max_length=40, verbose_name="number")),
                ("acronym", models.CharField(blank=True, max_length=100, verbose_name="acronym")),
                ("title", models.CharField(max_length=1000, verbose_name="title")),
                ("language", models.CharField(blank=True, max_length=2, verbose_name="language")),
                ("objective", models.TextField(blank=True, verbose_name="objective")),
                (
                    "keywords",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "subjects",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "stems",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[("SIGNED", "signed"), ("CLOSED", "closed"), ("TERMINATED", "terminated early")],
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year")),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="signed on")),
                ("topic", models.CharField(blank=True, max_length=100)),
                ("topic_title", models.CharField(blank=True, max_length=1000, verbose_name="topic")),
                ("call", models.CharField(blank=True, max_length=100, verbose_name="call")),
                ("scheme", models.CharField(blank=True, max_length=60, verbose_name="scheme")),
                ("programme", models.CharField(blank=True, max_length=200, verbose_name="programme")),
                ("committee", models.CharField(blank=True, max_length=20)),
                ("committee_title", models.CharField(blank=True, max_length=300, verbose_name="committee")),
                (
                    "cost",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="cost"),
                ),
                (
                    "contribution",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="contribution"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["year", "signed_on", "id"], name="projects_pr_year_05bc7f_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("certain__contained_by", models.F("possible"))),
                        name="projects_project_certain_is_possible",
                    ),
                    models.UniqueConstraint(fields=("funder", "number"), name="project_of_a_funder_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ParticipationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(max_length=40, verbose_name="number")),
                ("name", models.CharField(blank=True, max_length=400, verbose_name="name")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("coordinator", "coordinator"),
                            ("participant", "participant"),
                            ("associatedPartner", "associated partner"),
                            ("thirdParty", "third party"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("contribution", models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ("cost", models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ("ended", models.BooleanField(default=False)),
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
                        to="projects.participation",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="projects.party",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="participation",
            name="project",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="participations",
                to="projects.project",
            ),
        ),
        migrations.CreateModel(
            name="ProjectEvent",
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
                (
                    "funder",
                    models.CharField(
                        choices=[
                            ("cordis", "European Union (CORDIS)"),
                            ("anr", "French National Research Agency (ANR)"),
                        ],
                        max_length=20,
                        verbose_name="funder",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("project", "research project"),
                            ("joint-lab", "joint laboratory with a company"),
                            ("investment", "investment of the State"),
                        ],
                        default="project",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("number", models.CharField(max_length=40, verbose_name="number")),
                ("acronym", models.CharField(blank=True, max_length=100, verbose_name="acronym")),
                ("title", models.CharField(max_length=1000, verbose_name="title")),
                ("language", models.CharField(blank=True, max_length=2, verbose_name="language")),
                ("objective", models.TextField(blank=True, verbose_name="objective")),
                (
                    "keywords",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "subjects",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "stems",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[("SIGNED", "signed"), ("CLOSED", "closed"), ("TERMINATED", "terminated early")],
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year")),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="signed on")),
                ("topic", models.CharField(blank=True, max_length=100)),
                ("topic_title", models.CharField(blank=True, max_length=1000, verbose_name="topic")),
                ("call", models.CharField(blank=True, max_length=100, verbose_name="call")),
                ("scheme", models.CharField(blank=True, max_length=60, verbose_name="scheme")),
                ("programme", models.CharField(blank=True, max_length=200, verbose_name="programme")),
                ("committee", models.CharField(blank=True, max_length=20)),
                ("committee_title", models.CharField(blank=True, max_length=300, verbose_name="committee")),
                (
                    "cost",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="cost"),
                ),
                (
                    "contribution",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="contribution"
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
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(fields=["name", "id"], name="projects_pa_name_a8bebd_idx"),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.UniqueConstraint(fields=("funder", "number"), name="party_of_a_funder_once"),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organisation", None), ("tie", "")),
                    models.Q(("organisation__isnull", False), models.Q(("tie", ""), _negated=True)),
                    _connector="OR",
                ),
                name="party_says_how_it_is_tied",
            ),
        ),
        migrations.AddIndex(
            model_name="partyevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="projects_pa_id_1988fe_idx"),
        ),
        migrations.AddIndex(
            model_name="participationevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="projects_pa_id_b46380_idx"),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.UniqueConstraint(fields=("project", "number"), name="participation_once"),
        ),
        migrations.AddIndex(
            model_name="projectevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="projects_pr_id_9ffedf_idx"),
        ),
    ]
