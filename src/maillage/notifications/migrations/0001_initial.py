import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from maillage.core.initial_migration import InitialMigration


class Migration(InitialMigration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_kind", models.CharField(blank=True, max_length=100)),
                ("record_id", models.BigIntegerField(blank=True, null=True)),
                ("reply_to", models.CharField(blank=True, max_length=320)),
                ("kind", models.CharField(max_length=60)),
                ("subject_en", models.CharField(max_length=300)),
                ("subject_fr", models.CharField(max_length=300)),
                ("body_en", models.TextField(blank=True)),
                ("body_fr", models.TextField(blank=True)),
                ("link_en", models.CharField(blank=True, max_length=1000)),
                ("link_fr", models.CharField(blank=True, max_length=1000)),
                (
                    "pace",
                    models.CharField(
                        choices=[
                            ("immediate", "by mail, at once"),
                            ("digest", "by mail, once a day"),
                            ("weekly", "by mail, once a week"),
                            ("site", "only on the site"),
                            ("none", "not at all"),
                        ],
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
                ("failure", models.TextField(blank=True)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "-created_at", "-id"], name="notificatio_person__c2b935_idx"),
                    models.Index(condition=models.Q(("read_at", None)), fields=["person"], name="notice_unread"),
                    models.Index(
                        condition=models.Q(
                            ("failed_at", None), ("mailed_at", None), ("pace__in", ["digest", "weekly"])
                        ),
                        fields=["person"],
                        name="notice_waits_for_digest",
                    ),
                    models.Index(
                        condition=models.Q(("failed_at", None), _negated=True),
                        fields=["-failed_at"],
                        name="notice_not_delivered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                (
                    "pace",
                    models.CharField(
                        choices=[
                            ("immediate", "by mail, at once"),
                            ("digest", "by mail, once a day"),
                            ("weekly", "by mail, once a week"),
                            ("site", "only on the site"),
                            ("none", "not at all"),
                        ],
                        max_length=10,
                        verbose_name="pace",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_preferences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "kind"), name="preference_once_per_kind")],
            },
        ),
    ]
