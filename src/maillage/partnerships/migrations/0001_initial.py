import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.functions
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from maillage.core.initial_migration import InitialMigration


class Migration(InitialMigration):
    initial = True

    dependencies = [
        ("offers", "0001_initial"),
        ("people", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("register", "0001_initial"),
        ("workflow", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("signer_name", models.CharField(blank=True, max_length=200, verbose_name="signed by")),
                ("signer_function", models.CharField(blank=True, max_length=200, verbose_name="function")),
                ("signer_contact", models.CharField(blank=True, max_length=200, verbose_name="contact")),
                (
                    "pass_on_to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("answered", "answered"),
                            ("redirected", "passed on"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("letter", models.TextField(verbose_name="letter")),
                ("written_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers_given",
                        to="register.organisation",
                    ),
                ),
                (
                    "redirected_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers_received",
                        to="register.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AnswerDelay",
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
                ("working_days", models.PositiveSmallIntegerField(verbose_name="working days")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answer_delays",
                        to="register.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AnswerDelayEvent",
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
                ("working_days", models.PositiveSmallIntegerField(verbose_name="working days")),
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
                        to="partnerships.answerdelay",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Need",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=20, unique=True, verbose_name="key")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("text", models.TextField(verbose_name="text")),
                ("language", models.CharField(blank=True, max_length=2, verbose_name="language")),
                ("stated_at", models.DateTimeField(verbose_name="stated")),
                ("trl_low", models.SmallIntegerField(blank=True, null=True, verbose_name="lowest TRL")),
                ("trl_high", models.SmallIntegerField(blank=True, null=True, verbose_name="highest TRL")),
                (
                    "countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), blank=True, default=list, size=None
                    ),
                ),
                (
                    "regions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6), blank=True, default=list, size=None
                    ),
                ),
                ("label_key", models.CharField(blank=True, max_length=80, verbose_name="label")),
                ("label_on", models.DateField(blank=True, null=True, verbose_name="label held on")),
                (
                    "budget",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="budget"),
                ),
                ("currency", models.CharField(default="EUR", max_length=3)),
                ("start_on", models.DateField(blank=True, null=True, verbose_name="start")),
                ("seat_kind", models.CharField(blank=True, max_length=30, verbose_name="a seat for")),
                ("is_confidential", models.BooleanField(default=True, verbose_name="confidential")),
                (
                    "about_offer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="needs_about",
                        to="offers.offer",
                        verbose_name="offer",
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
                        default="organisation",
                        max_length=12,
                    ),
                ),
                (
                    "stated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="needs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AnswerEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("signer_name", models.CharField(blank=True, max_length=200, verbose_name="signed by")),
                ("signer_function", models.CharField(blank=True, max_length=200, verbose_name="function")),
                ("signer_contact", models.CharField(blank=True, max_length=200, verbose_name="contact")),
                (
                    "pass_on_to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("answered", "answered"),
                            ("redirected", "passed on"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("letter", models.TextField(verbose_name="letter")),
                ("written_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
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
                        to="partnerships.answer",
                    ),
                ),
                (
                    "redirected_to",
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
                    "need",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnerships.need",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="answer",
            name="need",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="partnerships.need"
            ),
        ),
        migrations.CreateModel(
            name="NeedAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("mailed_to", models.EmailField(blank=True, max_length=254)),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "role",
                    models.CharField(
                        choices=[("addressee", "answers"), ("network", "network involved"), ("asked", "team asked")],
                        max_length=10,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("promised_day", models.DateField(blank=True, null=True, verbose_name="promised")),
                ("dealt_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "answered"),
                            ("redirected", "passed on"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="address",
                        to="workflow.case",
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="addresses", to="partnerships.need"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs_addressed",
                        to="register.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NeedAddressEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("mailed_to", models.EmailField(blank=True, max_length=254)),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[("addressee", "answers"), ("network", "network involved"), ("asked", "team asked")],
                        max_length=10,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("promised_day", models.DateField(blank=True, null=True, verbose_name="promised")),
                ("dealt_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "answered"),
                            ("redirected", "passed on"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="workflow.case",
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnerships.need",
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
                        to="partnerships.needaddress",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NeedEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("key", models.CharField(max_length=20, verbose_name="key")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("text", models.TextField(verbose_name="text")),
                ("language", models.CharField(blank=True, max_length=2, verbose_name="language")),
                ("stated_at", models.DateTimeField(verbose_name="stated")),
                ("trl_low", models.SmallIntegerField(blank=True, null=True, verbose_name="lowest TRL")),
                ("trl_high", models.SmallIntegerField(blank=True, null=True, verbose_name="highest TRL")),
                (
                    "countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), blank=True, default=list, size=None
                    ),
                ),
                (
                    "regions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6), blank=True, default=list, size=None
                    ),
                ),
                ("label_key", models.CharField(blank=True, max_length=80, verbose_name="label")),
                ("label_on", models.DateField(blank=True, null=True, verbose_name="label held on")),
                (
                    "budget",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="budget"),
                ),
                ("currency", models.CharField(default="EUR", max_length=3)),
                ("start_on", models.DateField(blank=True, null=True, verbose_name="start")),
                ("seat_kind", models.CharField(blank=True, max_length=30, verbose_name="a seat for")),
                ("is_confidential", models.BooleanField(default=True, verbose_name="confidential")),
                (
                    "about_offer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="offers.offer",
                        verbose_name="offer",
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
                        default="organisation",
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
                        to="partnerships.need",
                    ),
                ),
                (
                    "stated_by",
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
            name="ProposedOffer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "brings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), default=list, size=None
                    ),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="team", to="partnerships.answer"
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposed_in", to="offers.offer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProposedOfferEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "brings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), default=list, size=None
                    ),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnerships.answer",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="offers.offer",
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
                        to="partnerships.proposedoffer",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.PositiveSmallIntegerField(verbose_name="score")),
                ("comment", models.TextField(blank=True, verbose_name="comment")),
                ("rated_at", models.DateTimeField()),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "need",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rating", to="partnerships.need"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RatingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("score", models.PositiveSmallIntegerField(verbose_name="score")),
                ("comment", models.TextField(blank=True, verbose_name="comment")),
                ("rated_at", models.DateTimeField()),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnerships.need",
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
                        to="partnerships.rating",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RequestedCapability",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("concept", models.CharField(max_length=120)),
                ("essential", models.BooleanField(default=True)),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="asked", to="partnerships.need"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RequestedCapabilityEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("concept", models.CharField(max_length=120)),
                ("essential", models.BooleanField(default=True)),
                (
                    "need",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnerships.need",
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
                        to="partnerships.requestedcapability",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Requester",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                ("organisation", models.CharField(max_length=300, verbose_name="organisation")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="town or region")),
                ("contact", models.CharField(blank=True, max_length=200, verbose_name="contact")),
                ("email", models.EmailField(max_length=254, verbose_name="mail address")),
                ("language", models.CharField(choices=[("fr", "French"), ("en", "English")], max_length=2)),
                ("is_enterprise", models.BooleanField(default=True)),
                ("staff", models.DecimalField(blank=True, decimal_places=1, max_digits=12, null=True)),
                ("turnover", models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ("balance", models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                (
                    "sector",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("20", "chemicals"),
                            ("21", "pharmaceuticals"),
                            ("26", "computers, electronics, optics"),
                            ("28", "machinery"),
                            ("32", "medical instruments and other manufacturing"),
                            ("46", "wholesale"),
                            ("62", "software and consultancy in computing"),
                            ("63", "data hosting and information services"),
                            ("64", "finance"),
                            ("65", "insurance"),
                            ("72", "research and development"),
                            ("84", "public administration"),
                            ("86", "health care"),
                            ("94", "associations"),
                            ("00", "another sector"),
                        ],
                        max_length=2,
                        verbose_name="sector",
                    ),
                ),
                (
                    "size",
                    models.CharField(
                        choices=[
                            ("micro", "micro-enterprise"),
                            ("pme", "small or medium-sized enterprise"),
                            ("eti", "mid-cap"),
                            ("ge", "large enterprise"),
                            ("unknown", "not known"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="size",
                    ),
                ),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("undelivered", models.TextField(blank=True)),
                (
                    "need",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="requester", to="partnerships.need"
                    ),
                ),
                (
                    "person",
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
            name="RequesterEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("organisation", models.CharField(max_length=300, verbose_name="organisation")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="town or region")),
                ("contact", models.CharField(blank=True, max_length=200, verbose_name="contact")),
                ("email", models.EmailField(max_length=254, verbose_name="mail address")),
                ("language", models.CharField(choices=[("fr", "French"), ("en", "English")], max_length=2)),
                ("is_enterprise", models.BooleanField(default=True)),
                ("staff", models.DecimalField(blank=True, decimal_places=1, max_digits=12, null=True)),
                ("turnover", models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ("balance", models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                (
                    "sector",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("20", "chemicals"),
                            ("21", "pharmaceuticals"),
                            ("26", "computers, electronics, optics"),
                            ("28", "machinery"),
                            ("32", "medical instruments and other manufacturing"),
                            ("46", "wholesale"),
                            ("62", "software and consultancy in computing"),
                            ("63", "data hosting and information services"),
                            ("64", "finance"),
                            ("65", "insurance"),
                            ("72", "research and development"),
                            ("84", "public administration"),
                            ("86", "health care"),
                            ("94", "associations"),
                            ("00", "another sector"),
                        ],
                        max_length=2,
                        verbose_name="sector",
                    ),
                ),
                (
                    "size",
                    models.CharField(
                        choices=[
                            ("micro", "micro-enterprise"),
                            ("pme", "small or medium-sized enterprise"),
                            ("eti", "mid-cap"),
                            ("ge", "large enterprise"),
                            ("unknown", "not known"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="size",
                    ),
                ),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("undelivered", models.TextField(blank=True)),
                (
                    "need",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnerships.need",
                    ),
                ),
                (
                    "person",
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
                        to="partnerships.requester",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TeamRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reply",
                    models.CharField(
                        blank=True, choices=[("", "not yet"), ("yes", "yes"), ("no", "no")], default="", max_length=3
                    ),
                ),
                ("free_from", models.DateField(blank=True, null=True)),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="requests", to="partnerships.need"
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="offers.offer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TeamRequestEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reply",
                    models.CharField(
                        blank=True, choices=[("", "not yet"), ("yes", "yes"), ("no", "no")], default="", max_length=3
                    ),
                ),
                ("free_from", models.DateField(blank=True, null=True)),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnerships.need",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="offers.offer",
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
                        to="partnerships.teamrequest",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="answerdelay",
            constraint=models.CheckConstraint(
                condition=models.Q(("certain__contained_by", models.F("possible"))),
                name="partnerships_answerdelay_certain_is_possible",
            ),
        ),
        migrations.AddConstraint(
            model_name="answerdelay",
            constraint=models.CheckConstraint(
                condition=models.Q(("working_days__range", (1, 250))), name="answer_delay_is_of_some_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="answerdelay",
            constraint=models.UniqueConstraint(fields=("organisation", "period_start"), name="answer_delay_once"),
        ),
        migrations.AddIndex(
            model_name="answerdelayevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="partnership_id_a9b36f_idx"),
        ),
        migrations.AddIndex(
            model_name="need",
            index=models.Index(fields=["-stated_at", "-id"], name="partnership_stated__596a0e_idx"),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("trl_high", None), ("trl_low", None)),
                    models.Q(("trl_high__lte", 9), ("trl_low__gte", 1), ("trl_low__lte", models.F("trl_high"))),
                    _connector="OR",
                ),
                name="need_trl_is_a_range_of_1_to_9",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(("budget", None), ("budget__gt", 0), _connector="OR"),
                name="need_budget_is_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(("label_on", None), models.Q(("label_key", ""), _negated=True), _connector="OR"),
                name="need_label_has_its_day",
            ),
        ),
        migrations.AddIndex(
            model_name="answerevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="partnership_id_b81735_idx"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "redirected"), ("redirected_to", None), _connector="XOR"),
                name="redirection_leads_somewhere",
            ),
        ),
        migrations.AddIndex(
            model_name="needaddress",
            index=models.Index(fields=["organisation", "since"], name="address_of_organisation"),
        ),
        migrations.AddConstraint(
            model_name="needaddress",
            constraint=models.UniqueConstraint(fields=("need", "organisation"), name="address_once_per_need"),
        ),
        migrations.AddConstraint(
            model_name="needaddress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "addressee"), _negated=True), ("promised_day__isnull", False), _connector="OR"
                ),
                name="addressee_has_promised",
            ),
        ),
        migrations.AddIndex(
            model_name="needaddressevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="partnership_id_a7b63a_idx"),
        ),
        migrations.AddIndex(
            model_name="needevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="partnership_id_e2c6c0_idx"),
        ),
        migrations.AddConstraint(
            model_name="proposedoffer",
            constraint=models.UniqueConstraint(fields=("answer", "offer"), name="offer_proposed_once"),
        ),
        migrations.AddIndex(
            model_name="proposedofferevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="partnership_id_023049_idx"),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.CheckConstraint(condition=models.Q(("score__range", (1, 5))), name="rating_is_of_1_to_5"),
        ),
        migrations.AddIndex(
            model_name="ratingevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="partnership_id_09b5fa_idx"),
        ),
        migrations.AddConstraint(
            model_name="requestedcapability",
            constraint=models.UniqueConstraint(fields=("need", "concept"), name="capability_asked_once"),
        ),
        migrations.AddIndex(
            model_name="requestedcapabilityevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="partnership_id_8a84d7_idx"),
        ),
        migrations.AddIndex(
            model_name="requesterevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="partnership_id_591e26_idx"),
        ),
        migrations.AddConstraint(
            model_name="teamrequest",
            constraint=models.UniqueConstraint(fields=("need", "offer"), name="offer_asked_once_per_need"),
        ),
        migrations.AddIndex(
            model_name="teamrequestevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="partnership_id_d052da_idx"),
        ),
        migrations.CreateModel(
            name="AnswerLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("concept", models.CharField(max_length=120)),
                ("essential", models.BooleanField(default=True)),
                (
                    "coverage",
                    models.CharField(
                        choices=[
                            ("covered", "covered"),
                            ("nearly", "nearly covered"),
                            ("unconfirmed", "to be confirmed"),
                            ("none", "not covered"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "providers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300), blank=True, default=list, size=None
                    ),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="partnerships.answer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AnswerLineEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("concept", models.CharField(max_length=120)),
                ("essential", models.BooleanField(default=True)),
                (
                    "coverage",
                    models.CharField(
                        choices=[
                            ("covered", "covered"),
                            ("nearly", "nearly covered"),
                            ("unconfirmed", "to be confirmed"),
                            ("none", "not covered"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "providers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300), blank=True, default=list, size=None
                    ),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnerships.answer",
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
                        to="partnerships.answerline",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "thread",
                    models.CharField(
                        choices=[("requester", "the requester"), ("team", "a team"), ("note", "internal note")],
                        max_length=10,
                    ),
                ),
                ("author_name", models.CharField(max_length=300)),
                ("text", models.TextField(verbose_name="text")),
                ("quoted", models.TextField(blank=True)),
                ("not_taken", models.TextField(blank=True)),
                ("undelivered", models.TextField(blank=True)),
                ("by_mail", models.BooleanField(default=False)),
                ("written_at", models.DateTimeField()),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="partnerships.need"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.organisation",
                    ),
                ),
                (
                    "requester",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MessageEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "thread",
                    models.CharField(
                        choices=[("requester", "the requester"), ("team", "a team"), ("note", "internal note")],
                        max_length=10,
                    ),
                ),
                ("author_name", models.CharField(max_length=300)),
                ("text", models.TextField(verbose_name="text")),
                ("quoted", models.TextField(blank=True)),
                ("not_taken", models.TextField(blank=True)),
                ("undelivered", models.TextField(blank=True)),
                ("by_mail", models.BooleanField(default=False)),
                ("written_at", models.DateTimeField()),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "author",
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
                    "need",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnerships.need",
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
                        to="partnerships.message",
                    ),
                ),
                (
                    "requester",
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
                    "team",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("need_key", models.CharField(max_length=40, unique=True)),
                ("day", models.DateField()),
            ],
            options={
                "indexes": [models.Index(fields=["-day", "-id"], name="erasure_latest")],
            },
        ),
        migrations.CreateModel(
            name="ReceivedMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("received_at", models.DateTimeField()),
                ("sender", models.CharField(blank=True, max_length=320)),
                ("subject", models.CharField(blank=True, max_length=300)),
                ("refused", models.TextField(blank=True)),
                (
                    "message",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="mail",
                        to="partnerships.message",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="answerline",
            constraint=models.UniqueConstraint(fields=("answer", "concept"), name="answer_line_once"),
        ),
        migrations.AddIndex(
            model_name="answerlineevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="partnership_id_34b442_idx"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["need", "written_at"], name="message_of_need"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("thread", "team"), ("team", None), _connector="XOR"),
                name="message_to_a_team_names_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("thread", "requester"),
                    models.Q(("organisation__isnull", False), ("requester", None)),
                    _connector="OR",
                ),
                name="message_of_requester_is_in_their_thread",
            ),
        ),
        migrations.AddIndex(
            model_name="messageevent",
            index=models.Index(fields=["id", "pgh_created_at"], name="partnership_id_5faf91_idx"),
        ),
        migrations.AddIndex(
            model_name="receivedmail",
            index=models.Index(fields=["-received_at"], name="mail_received"),
        ),
    ]
