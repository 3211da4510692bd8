import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import maillage.register.models
from maillage.core.initial_migration import InitialMigration


class Migration(InitialMigration):
    initial = True

    dependencies = [
        ("mfa", "__latest__"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("procrastinate", "__latest__"),
        ("sessions", "__latest__"),
        ("usersessions", "__latest__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Identifier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("scheme", models.CharField(max_length=20)),
                ("value", models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(blank=True, null=True)),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("file", models.CharField(max_length=400)),
                ("size", models.BigIntegerField()),
                ("done", models.BigIntegerField(default=0)),
                ("tied", models.BigIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("began_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Lookalike",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reasons", models.JSONField(default=list)),
                (
                    "decision",
                    models.CharField(
                        blank=True, choices=[("same", "the same"), ("different", "different")], max_length=10
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("moved", models.JSONField(default=list)),
                ("merged_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Name",
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
                ("text", models.CharField(max_length=400)),
                ("language", models.CharField(blank=True, max_length=8)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("official", "official name"),
                            ("acronym", "acronym"),
                            ("alias", "also called"),
                            ("unit", "unit number"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Office",
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
                ("person_name", models.CharField(max_length=200, verbose_name="name")),
                ("role_en", models.CharField(max_length=200)),
                ("role_fr", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "domains",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=253), blank=True, default=list, size=None
                    ),
                ),
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
                ("key", models.CharField(max_length=80, verbose_name="key")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("institute", "institute"),
                            ("consortium", "consortium"),
                            ("research-unit", "research unit"),
                            ("team", "research team"),
                            ("federation", "research federation"),
                            ("platform", "platform"),
                            ("cooperative-group", "cooperative group"),
                            ("network", "network"),
                            ("hospital", "hospital"),
                            ("university", "university"),
                            ("research-organisation", "research organisation"),
                            ("ministry", "ministry"),
                            ("agency", "agency"),
                            ("association", "association"),
                            ("foundation", "foundation"),
                            ("fund", "fund"),
                            ("programme", "programme"),
                            ("company", "company"),
                            ("startup", "start-up"),
                            ("incubator", "incubator"),
                            ("international-centre", "centre abroad"),
                            ("facility", "facility"),
                            ("archive", "archive or library"),
                            ("other", "other organisation"),
                        ],
                        max_length=30,
                        verbose_name="kind",
                    ),
                ),
                ("name_fr", models.CharField(blank=True, max_length=400)),
                ("name_en", models.CharField(blank=True, max_length=400)),
                ("acronym", models.CharField(blank=True, max_length=80, verbose_name="acronym")),
                ("sort_name", models.CharField(editable=False, max_length=400)),
                ("sort_name_en", models.CharField(editable=False, max_length=400)),
                ("city", models.CharField(blank=True, max_length=120, verbose_name="town")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                ("region", models.CharField(blank=True, max_length=6, verbose_name="region")),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("website", models.URLField(blank=True, max_length=500, verbose_name="website")),
                ("contact_mail", models.EmailField(blank=True, max_length=254, verbose_name="contact")),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absorbed",
                        to="register.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OfficeEvent",
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
                ("person_name", models.CharField(max_length=200, verbose_name="name")),
                ("role_en", models.CharField(max_length=200)),
                ("role_fr", models.CharField(blank=True, max_length=200)),
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
                        to="register.office",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="office",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="offices", to="register.organisation"
            ),
        ),
        migrations.CreateModel(
            name="NameEvent",
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
                ("text", models.CharField(max_length=400)),
                ("language", models.CharField(blank=True, max_length=8)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("official", "official name"),
                            ("acronym", "acronym"),
                            ("alias", "also called"),
                            ("unit", "unit number"),
                        ],
                        max_length=10,
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
                        to="register.name",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="name",
            name="organisation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="names",
                to="register.organisation",
            ),
        ),
        migrations.CreateModel(
            name="MergeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("reason", models.TextField()),
                ("moved", models.JSONField(default=list)),
                ("merged_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
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
                        to="register.merge",
                    ),
                ),
                (
                    "absorbed",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.organisation",
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="merge",
            name="absorbed",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="merges_absorbed", to="register.organisation"
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="kept",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="merges_kept", to="register.organisation"
            ),
        ),
        migrations.CreateModel(
            name="LookalikeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("reasons", models.JSONField(default=list)),
                (
                    "decision",
                    models.CharField(
                        blank=True, choices=[("same", "the same"), ("different", "different")], max_length=10
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
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
                        to="register.lookalike",
                    ),
                ),
                (
                    "incoming",
                    models.ForeignKey(
                        db_constraint=False,
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="lookalike",
            name="incoming",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lookalikes_incoming",
                to="register.organisation",
            ),
        ),
        migrations.AddField(
            model_name="lookalike",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="lookalikes", to="register.organisation"
            ),
        ),
        migrations.CreateModel(
            name="IdentifierEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("uid", models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("scheme", models.CharField(max_length=20)),
                ("value", models.CharField(max_length=60)),
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
                        to="register.identifier",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="identifier",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="identifiers", to="register.organisation"
            ),
        ),
        migrations.CreateModel(
            name="OrganisationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "domains",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=253), blank=True, default=list, size=None
                    ),
                ),
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("institute", "institute"),
                            ("consortium", "consortium"),
                            ("research-unit", "research unit"),
                            ("team", "research team"),
                            ("federation", "research federation"),
                            ("platform", "platform"),
                            ("cooperative-group", "cooperative group"),
                            ("network", "network"),
                            ("hospital", "hospital"),
                            ("university", "university"),
                            ("research-organisation", "research organisation"),
                            ("ministry", "ministry"),
                            ("agency", "agency"),
                            ("association", "association"),
                            ("foundation", "foundation"),
                            ("fund", "fund"),
                            ("programme", "programme"),
                            ("company", "company"),
                            ("startup", "start-up"),
                            ("incubator", "incubator"),
                            ("international-centre", "centre abroad"),
                            ("facility", "facility"),
                            ("archive", "archive or library"),
                            ("other", "other organisation"),
                        ],
                        max_length=30,
                        verbose_name="kind",
                    ),
                ),
                ("name_fr", models.CharField(blank=True, max_length=400)),
                ("name_en", models.CharField(blank=True, max_length=400)),
                ("acronym", models.CharField(blank=True, max_length=80, verbose_name="acronym")),
                ("sort_name", models.CharField(editable=False, max_length=400)),
                ("sort_name_en", models.CharField(editable=False, max_length=400)),
                ("city", models.CharField(blank=True, max_length=120, verbose_name="town")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                ("region", models.CharField(blank=True, max_length=6, verbose_name="region")),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("website", models.URLField(blank=True, max_length=500, verbose_name="website")),
                ("contact_mail", models.EmailField(blank=True, max_length=254, verbose_name="contact")),
                (
                    "merged_into",
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
                        to="register.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PendingTie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stated_on", models.DateField(blank=True, null=True)),
                ("period_start", models.CharField(blank=True, db_default="", max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("member", "member of"),
                            ("founding-member", "founding member of"),
                            ("founder", "founder of"),
                            ("co-pilot", "co-pilots"),
                            ("coordinator", "coordinates"),
                            ("partner", "partner of"),
                            ("associated", "associated with"),
                            ("tutelle", "supervises"),
                            ("host", "hosts"),
                            ("hosted", "hosted at the site of"),
                            ("hosted-by", "hosted by"),
                            ("part-of", "part of"),
                            ("related", "related to"),
                            ("participant", "takes part in"),
                            ("successor", "succeeds"),
                            ("merger-of", "made by the merger of"),
                            ("split-of", "made by the split of"),
                            ("parts-of", "made of parts of"),
                            ("absorbs", "has taken in"),
                            ("spun-off", "spun off from"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reversed", models.BooleanField(default=False)),
                ("scheme", models.CharField(max_length=20)),
                ("value", models.CharField(max_length=60)),
                ("label", models.CharField(blank=True, max_length=400)),
                (
                    "subject",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pending_ties",
                        to="register.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PendingTieEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("stated_on", models.DateField(blank=True, null=True)),
                ("period_start", models.CharField(blank=True, db_default="", max_length=20)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("member", "member of"),
                            ("founding-member", "founding member of"),
                            ("founder", "founder of"),
                            ("co-pilot", "co-pilots"),
                            ("coordinator", "coordinates"),
                            ("partner", "partner of"),
                            ("associated", "associated with"),
                            ("tutelle", "supervises"),
                            ("host", "hosts"),
                            ("hosted", "hosted at the site of"),
                            ("hosted-by", "hosted by"),
                            ("part-of", "part of"),
                            ("related", "related to"),
                            ("participant", "takes part in"),
                            ("successor", "succeeds"),
                            ("merger-of", "made by the merger of"),
                            ("split-of", "made by the split of"),
                            ("parts-of", "made of parts of"),
                            ("absorbs", "has taken in"),
                            ("spun-off", "spun off from"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reversed", models.BooleanField(default=False)),
                ("scheme", models.CharField(max_length=20)),
                ("value", models.CharField(max_length=60)),
                ("label", models.CharField(blank=True, max_length=400)),
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
                        to="register.pendingtie",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Tie",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("member", "member of"),
                            ("founding-member", "founding member of"),
                            ("founder", "founder of"),
                            ("co-pilot", "co-pilots"),
                            ("coordinator", "coordinates"),
                            ("partner", "partner of"),
                            ("associated", "associated with"),
                            ("tutelle", "supervises"),
                            ("host", "hosts"),
                            ("hosted", "hosted at the site of"),
                            ("hosted-by", "hosted by"),
                            ("part-of", "part of"),
                            ("related", "related to"),
                            ("participant", "takes part in"),
                            ("successor", "succeeds"),
                            ("merger-of", "made by the merger of"),
                            ("split-of", "made by the split of"),
                            ("parts-of", "made of parts of"),
                            ("absorbs", "has taken in"),
                            ("spun-off", "spun off from"),
                        ],
                        max_length=20,
                        verbose_name="tie",
                    ),
                ),
                (
                    "managed_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("subject", "the managers of the first act for the second"),
                            ("object", "the managers of the second act for the first"),
                        ],
                        max_length=7,
                        verbose_name="managed by",
                    ),
                ),
                (
                    "object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ties_in", to="register.organisation"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ties_out", to="register.organisation"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TieEvent",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("member", "member of"),
                            ("founding-member", "founding member of"),
                            ("founder", "founder of"),
                            ("co-pilot", "co-pilots"),
                            ("coordinator", "coordinates"),
                            ("partner", "partner of"),
                            ("associated", "associated with"),
                            ("tutelle", "supervises"),
                            ("host", "hosts"),
                            ("hosted", "hosted at the site of"),
                            ("hosted-by", "hosted by"),
                            ("part-of", "part of"),
                            ("related", "related to"),
                            ("participant", "takes part in"),
                            ("successor", "succeeds"),
                            ("merger-of", "made by the merger of"),
                            ("split-of", "made by the split of"),
                            ("parts-of", "made of parts of"),
                            ("absorbs", "has taken in"),
                            ("spun-off", "spun off from"),
                        ],
                        max_length=20,
                        verbose_name="tie",
                    ),
                ),
                (
                    "managed_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("subject", "the managers of the first act for the second"),
                            ("object", "the managers of the second act for the first"),
                        ],
                        max_length=7,
                        verbose_name="managed by",
                    ),
                ),
                (
                    "object",
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
                        to="register.tie",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ImportRefusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.BigIntegerField()),
                ("record", models.CharField(blank=True, max_length=80)),
                ("part", models.CharField(blank=True, max_length=20)),
                ("reason", models.TextField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="refusals", to="register.importrun"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["run", "line"], name="register_im_run_id_4844c3_idx")],
            },
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["sort_name", "id"], name="register_or_sort_na_739907_idx"),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["kind", "sort_name", "id"], name="register_or_kind_8c9fdb_idx"),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["country", "sort_name", "id"], name="register_or_country_34adf0_idx"),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["sort_name_en", "id"], name="register_or_sort_na_b7ef55_idx"),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["kind", "sort_name_en", "id"], name="register_or_kind_c70ea0_idx"),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["country", "sort_name_en", "id"], name="register_or_country_ae10ec_idx"),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("certain__contained_by", models.F("possible"))),
                name="register_organisation_certain_is_possible",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(fields=("key",), name="organisation_key_once"),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("name_en", ""), ("name_fr", ""), _negated=True), name="organisation_is_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into", None), models.Q(("merged_into", models.F("id")), _negated=True), _connector="OR"
                ),
                name="organisation_not_its_own_twin",
            ),
        ),
        migrations.AddIndex(
            model_name="officeevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="register_of_id_a9452b_idx"),
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.CheckConstraint(
                condition=models.Q(("certain__contained_by", models.F("possible"))),
                name="register_office_certain_is_possible",
            ),
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.UniqueConstraint(
                fields=("person_name", "organisation", "role_en", "period_start"), name="office_once"
            ),
        ),
        migrations.AddIndex(
            model_name="nameevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="register_na_id_9dfca7_idx"),
        ),
        migrations.AddConstraint(
            model_name="name",
            constraint=models.CheckConstraint(
                condition=models.Q(("certain__contained_by", models.F("possible"))),
                name="register_name_certain_is_possible",
            ),
        ),
        migrations.AddConstraint(
            model_name="name",
            constraint=models.UniqueConstraint(
                fields=("organisation", "kind", "language", "text", "period_start"), name="name_once"
            ),
        ),
        migrations.AddIndex(
            model_name="mergeevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="register_me_id_3ca8ac_idx"),
        ),
        migrations.AddIndex(
            model_name="lookalikeevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="register_lo_id_d92dd2_idx"),
        ),
        migrations.AddConstraint(
            model_name="lookalike",
            constraint=models.UniqueConstraint(fields=("organisation", "incoming"), name="lookalike_once"),
        ),
        migrations.AddIndex(
            model_name="identifierevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="register_id_id_2ae89d_idx"),
        ),
        migrations.AddConstraint(
            model_name="identifier",
            constraint=models.UniqueConstraint(fields=("scheme", "value", "organisation"), name="identifier_once"),
        ),
        migrations.AddIndex(
            model_name="organisationevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="register_or_id_c630b0_idx"),
        ),
        migrations.AddIndex(
            model_name="pendingtie",
            index=models.Index(fields=["scheme", "value"], name="register_pe_scheme_2fe37d_idx"),
        ),
        migrations.AddConstraint(
            model_name="pendingtie",
            constraint=models.UniqueConstraint(
                fields=("subject", "kind", "reversed", "scheme", "value"), name="pending_tie_once"
            ),
        ),
        migrations.AddIndex(
            model_name="pendingtieevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="register_pe_id_5ebbcc_idx"),
        ),
        migrations.AddConstraint(
            model_name="tie",
            constraint=models.CheckConstraint(
                condition=models.Q(("certain__contained_by", models.F("possible"))),
                name="register_tie_certain_is_possible",
            ),
        ),
        migrations.AddConstraint(
            model_name="tie",
            constraint=models.CheckConstraint(
                condition=models.Q(("subject", models.F("object")), _negated=True), name="tie_joins_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="tie",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (maillage.register.models.SingleNumberRange("subject"), "&&"),
                    (maillage.register.models.SingleNumberRange("object"), "&&"),
                    (maillage.register.models.SingleNumberRange(maillage.register.models.TextHash("kind")), "&&"),
                    ("days", "&&"),
                ],
                name="tie_holds_once_at_a_time",
                violation_error_message="The same tie already holds over part of that period.",
            ),
        ),
        migrations.AddIndex(
            model_name="tieevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="register_ti_id_50e465_idx"),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(maillage.register.models.WebDomain("website"), name="organisation_website_domain"),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=django.contrib.postgres.indexes.GinIndex(fields=["domains"], name="organisation_domains"),
        ),
        migrations.CreateModel(
            name="ShownOrganisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ShownOrganisationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("position", models.PositiveSmallIntegerField()),
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
                        to="register.shownorganisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="shownorganisation",
            constraint=models.UniqueConstraint(fields=("organisation",), name="shown_organisation_once"),
        ),
        migrations.AddIndex(
            model_name="shownorganisationevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="register_sh_id_a2e85d_idx"),
        ),
        migrations.CreateModel(
            name="ResearchStructure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rnsr", models.CharField(max_length=10)),
                (
                    "structure_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1", "internal team"),
                            ("21", "own unit"),
                            ("22", "mixed unit"),
                            ("23", "international mixed unit"),
                            ("3", "federation of research"),
                            ("31", "scientific interest group"),
                            ("32", "research group"),
                            ("33", "international research collaboration"),
                            ("34", "public interest group"),
                            ("35", "foundation for scientific cooperation"),
                            ("37", "private company"),
                        ],
                        max_length=4,
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        blank=True, choices=[(1, "team"), (2, "unit"), (3, "federation")], null=True
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=300)),
                ("postal_code", models.CharField(blank=True, max_length=12)),
                (
                    "domains",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=4), blank=True, default=list, size=None
                    ),
                ),
                (
                    "erc_panels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6), blank=True, default=list, size=None
                    ),
                ),
                ("grid", models.CharField(blank=True, max_length=30)),
                ("closed", models.CharField(blank=True, default="..", max_length=20)),
                ("described_on", models.DateField()),
                ("tied_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ResearchStructureEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("rnsr", models.CharField(max_length=10)),
                (
                    "structure_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1", "internal team"),
                            ("21", "own unit"),
                            ("22", "mixed unit"),
                            ("23", "international mixed unit"),
                            ("3", "federation of research"),
                            ("31", "scientific interest group"),
                            ("32", "research group"),
                            ("33", "international research collaboration"),
                            ("34", "public interest group"),
                            ("35", "foundation for scientific cooperation"),
                            ("37", "private company"),
                        ],
                        max_length=4,
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        blank=True, choices=[(1, "team"), (2, "unit"), (3, "federation")], null=True
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=300)),
                ("postal_code", models.CharField(blank=True, max_length=12)),
                (
                    "domains",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=4), blank=True, default=list, size=None
                    ),
                ),
                (
                    "erc_panels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6), blank=True, default=list, size=None
                    ),
                ),
                ("grid", models.CharField(blank=True, max_length=30)),
                ("closed", models.CharField(blank=True, default="..", max_length=20)),
                ("described_on", models.DateField()),
                ("tied_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="identifier",
            constraint=models.UniqueConstraint(
                condition=models.Q(("scheme__in", ("ror", "siren", "siret", "rnsr", "uai", "finess"))),
                fields=("scheme", "value"),
                name="identifier_of_one_organisation",
            ),
        ),
        migrations.AddField(
            model_name="researchstructure",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="research_structures",
                to="register.organisation",
            ),
        ),
        migrations.AddField(
            model_name="researchstructureevent",
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
            model_name="researchstructureevent",
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
            model_name="researchstructureevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="register.researchstructure",
            ),
        ),
        migrations.AddConstraint(
            model_name="researchstructure",
            constraint=models.UniqueConstraint(fields=("rnsr",), name="research_structure_once"),
        ),
        migrations.AddIndex(
            model_name="researchstructureevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="register_re_id_e54b60_idx"),
        ),
    ]
