"""Statements: published sentences bound to facts, and the sections of the ecosystem page of an organisation."""

from django.db import models
from django.urls import reverse

from maillage.core.addresses import record_address
from maillage.core.models import LastingKey, TranslatedField, tracked
from maillage.core.security.visibility import Visibility, VisibleQuerySet
from maillage.register.models import Organisation


def ecosystem_address(organisation: Organisation) -> str:
    """The address of the ecosystem page of an organisation."""
    return reverse("ecosystem", args=[organisation.key])


@tracked
class Section(models.Model):
    """A heading of the ecosystem page of an organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="ecosystem_sections")
    key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    title_fr = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)

    title = TranslatedField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="section_once_per_organisation")]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return f"{ecosystem_address(self.organisation)}#{self.key}"


@tracked
class Statement(LastingKey):
    """A claim, as first read, and the sentence in which the site states it: templates in two languages bound to facts.

    `sentence` holds the templates (`fr`, `en`, and their `ended_…`, `unsure_…` variants), `bind` the variables, `holds`
    the fact whose period decides whether the sentence is shown on a day. `about` names records as [list, key].
    """

    number = models.PositiveIntegerField(unique=True)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, blank=True, related_name="statements")
    position = models.PositiveSmallIntegerField(default=0)
    claim_en = models.TextField()
    claim_fr = models.TextField(blank=True)
    about = models.JSONField(default=list, blank=True)
    check_en = models.TextField(blank=True)
    check_fr = models.TextField(blank=True)
    file_status = models.CharField(max_length=40, blank=True)
    sentence = models.JSONField(default=dict, blank=True)
    bind = models.JSONField(default=dict, blank=True)
    holds = models.JSONField(default=dict, blank=True)
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.PUBLIC)

    claim = TranslatedField()
    # What a sentence that was written here says on the day read, once its list has filled it in.
    reads_as: str = ""
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["section__position", "position", "number"]

    def __str__(self) -> str:
        return self.claim_en

    def get_absolute_url(self) -> str:
        return record_address("statements", self.number)
