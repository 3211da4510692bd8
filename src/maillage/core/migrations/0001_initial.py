import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import maillage.core.folded_text
from maillage.core.initial_migration import InitialMigration


class Migration(InitialMigration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Citation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("brought_by", models.BigIntegerField(blank=True, null=True)),
                ("accepted", models.BooleanField(db_default=True, default=True)),
                ("record_kind", models.CharField(max_length=60)),
                ("record_id", models.BigIntegerField()),
                ("property", models.CharField(blank=True, max_length=60)),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("supports", "supports it"),
                            ("partly", "supports it in part"),
                            ("dates", "true at another time"),
                            ("disputes", "says otherwise"),
                        ],
                        default="supports",
                        max_length=10,
                    ),
                ),
                ("assertion_en", models.TextField(blank=True)),
                ("assertion_fr", models.TextField(blank=True)),
                ("read_on", models.DateField(verbose_name="read on")),
            ],
        ),
        migrations.CreateModel(
            name="Contradiction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("topic_en", models.CharField(max_length=300, unique=True)),
                ("topic_fr", models.CharField(blank=True, max_length=300)),
                ("a_en", models.TextField()),
                ("a_fr", models.TextField(blank=True)),
                ("b_en", models.TextField()),
                ("b_fr", models.TextField(blank=True)),
                ("settled_side", models.CharField(blank=True, choices=[("a", "a"), ("b", "b")], max_length=1)),
                ("settled_reason", models.TextField(blank=True)),
                ("settled_by", models.CharField(blank=True, max_length=200)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
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
            ],
        ),
        migrations.CreateModel(
            name="ContradictionSubject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_kind", models.CharField(max_length=60)),
                ("record_id", models.BigIntegerField()),
                ("property", models.CharField(blank=True, max_length=60)),
                (
                    "contradiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="subjects", to="core.contradiction"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ContradictionSubjectEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("record_kind", models.CharField(max_length=60)),
                ("record_id", models.BigIntegerField()),
                ("property", models.CharField(blank=True, max_length=60)),
                (
                    "contradiction",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="core.contradiction",
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
                        to="core.contradictionsubject",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_kind", models.CharField(max_length=60)),
                ("record_id", models.BigIntegerField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GrantEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("record_kind", models.CharField(max_length=60)),
                ("record_id", models.BigIntegerField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
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
                        to="core.grant",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("digest", models.CharField(blank=True, db_default="", max_length=64)),
                ("stated_by", models.CharField(blank=True, db_default="", max_length=80)),
                ("place", models.CharField(blank=True, db_default="", max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("web", "web page"),
                            ("document", "document"),
                            ("letter", "letter or mail"),
                            ("statement", "the organisation's own statement"),
                        ],
                        db_default="web",
                        default="web",
                        max_length=10,
                    ),
                ),
                ("issuer", models.CharField(blank=True, db_default="", max_length=300)),
                ("dated", models.CharField(blank=True, db_default="", max_length=20)),
                ("url", models.URLField(blank=True, max_length=1000, verbose_name="address")),
                ("domain", models.CharField(editable=False, max_length=253)),
                ("title", models.CharField(blank=True, max_length=300)),
                (
                    "search_text",
                    models.GeneratedField(
                        db_persist=True,
                        expression=maillage.core.folded_text.FoldedText(
                            django.db.models.functions.text.Concat(
                                "title",
                                models.Value(" "),
                                "issuer",
                                models.Value(" "),
                                "url",
                                output_field=models.TextField(),
                            )
                        ),
                        output_field=models.TextField(),
                    ),
                ),
            ],
            options={
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="CitationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("brought_by", models.BigIntegerField(blank=True, null=True)),
                ("accepted", models.BooleanField(db_default=True, default=True)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("record_kind", models.CharField(max_length=60)),
                ("record_id", models.BigIntegerField()),
                ("property", models.CharField(blank=True, max_length=60)),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("supports", "supports it"),
                            ("partly", "supports it in part"),
                            ("dates", "true at another time"),
                            ("disputes", "says otherwise"),
                        ],
                        default="supports",
                        max_length=10,
                    ),
                ),
                ("assertion_en", models.TextField(blank=True)),
                ("assertion_fr", models.TextField(blank=True)),
                ("read_on", models.DateField(verbose_name="read on")),
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
                        to="core.citation",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="core.source",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="citation",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="citations", to="core.source"
            ),
        ),
        migrations.CreateModel(
            name="SourceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("uid", models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False)),
                ("digest", models.CharField(blank=True, db_default="", max_length=64)),
                ("stated_by", models.CharField(blank=True, db_default="", max_length=80)),
                ("place", models.CharField(blank=True, db_default="", max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("web", "web page"),
                            ("document", "document"),
                            ("letter", "letter or mail"),
                            ("statement", "the organisation's own statement"),
                        ],
                        db_default="web",
                        default="web",
                        max_length=10,
                    ),
                ),
                ("issuer", models.CharField(blank=True, db_default="", max_length=300)),
                ("dated", models.CharField(blank=True, db_default="", max_length=20)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("url", models.URLField(blank=True, max_length=1000, verbose_name="address")),
                ("domain", models.CharField(editable=False, max_length=253)),
                ("title", models.CharField(blank=True, max_length=300)),
                (
                    "search_text",
                    models.GeneratedField(
                        db_persist=True,
                        expression=maillage.core.folded_text.FoldedText(
                            django.db.models.functions.text.Concat(
                                "title",
                                models.Value(" "),
                                "issuer",
                                models.Value(" "),
                                "url",
                                output_field=models.TextField(),
                            )
                        ),
                        output_field=models.TextField(),
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
                        to="core.source",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ContradictionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("uid", models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("topic_en", models.CharField(max_length=300)),
                ("topic_fr", models.CharField(blank=True, max_length=300)),
                ("a_en", models.TextField()),
                ("a_fr", models.TextField(blank=True)),
                ("b_en", models.TextField()),
                ("b_fr", models.TextField(blank=True)),
                ("settled_side", models.CharField(blank=True, choices=[("a", "a"), ("b", "b")], max_length=1)),
                ("settled_reason", models.TextField(blank=True)),
                ("settled_by", models.CharField(blank=True, max_length=200)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
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
                        to="core.contradiction",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["id", "pgh_created_at"], name="core_contra_id_b7c054_idx")],
            },
        ),
        migrations.AddIndex(
            model_name="contradictionsubject",
            index=models.Index(fields=["record_kind", "record_id"], name="core_contra_record__9ef6ec_idx"),
        ),
        migrations.AddConstraint(
            model_name="contradictionsubject",
            constraint=models.UniqueConstraint(
                fields=("contradiction", "record_kind", "record_id", "property"), name="subject_once_per_contradiction"
            ),
        ),
        migrations.AddIndex(
            model_name="contradictionsubjectevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="core_contra_id_ec10d2_idx"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(fields=("record_kind", "record_id", "person"), name="grant_once"),
        ),
        migrations.AddIndex(
            model_name="grantevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="core_grante_id_bedb1c_idx"),
        ),
        migrations.AddIndex(
            model_name="citationevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="core_citati_id_6ccbab_idx"),
        ),
        migrations.AddIndex(
            model_name="citation",
            index=models.Index(fields=["record_kind", "record_id"], name="core_citati_record__434758_idx"),
        ),
        migrations.AddIndex(
            model_name="citation",
            index=models.Index(
                condition=models.Q(("accepted", False)), fields=["record_kind"], name="citation_to_accept"
            ),
        ),
        migrations.AddConstraint(
            model_name="citation",
            constraint=models.UniqueConstraint(
                fields=("record_kind", "record_id", "property", "source"), name="citation_once_per_property"
            ),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(
                django.db.models.functions.text.Left("search_text", 200), models.F("id"), name="source_by_title"
            ),
        ),
        migrations.AddIndex(
            model_name="sourceevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="core_source_id_002215_idx"),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(
                condition=models.Q(("url", ""), _negated=True), fields=("url",), name="source_once"
            ),
        ),
        migrations.CreateModel(
            name="WithdrawnFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list_name", models.CharField(max_length=40)),
                ("uid", models.UUIDField(db_index=True)),
                ("title", models.CharField(max_length=400)),
                ("row", models.JSONField()),
                ("records", models.JSONField(default=list)),
                ("reason", models.TextField()),
                ("withdrawn_by", models.CharField(max_length=200)),
                ("withdrawn_at", models.DateTimeField()),
                ("restored_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="WithdrawnFactEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("list_name", models.CharField(max_length=40)),
                ("uid", models.UUIDField()),
                ("title", models.CharField(max_length=400)),
                ("row", models.JSONField()),
                ("records", models.JSONField(default=list)),
                ("reason", models.TextField()),
                ("withdrawn_by", models.CharField(max_length=200)),
                ("withdrawn_at", models.DateTimeField()),
                ("restored_at", models.DateTimeField(blank=True, null=True)),
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
                        to="core.withdrawnfact",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["id", "pgh_created_at"], name="core_withdr_id_2c9a85_idx")],
            },
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(
                condition=models.Q(("url", "")),
                fields=("kind", "title", "issuer", "dated", "place", "stated_by", "digest"),
                name="source_in_words_once",
            ),
        ),
    ]
