"""The base of the facts of every room (period, visibility, history), and the models of citations and contradictions."""

import datetime as dt
from typing import Any, ClassVar, Self, TypeAlias, TypeVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat, Left
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maillage.core import lookups as _lookups  # noqa: F401 - registers the lookup `holds`
from maillage.core.actors import Actor
from maillage.core.addresses import record_address
from maillage.core.folded_text import FoldedText
from maillage.core.periods import OPEN, Period, TruthOnDay, period_ranges, range_contains
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.security.visibility import ModelT, Visibility, VisibleQuerySet

ModelClass = TypeVar("ModelClass", bound=type[models.Model])
SaveOption: TypeAlias = Any  # Any: what `save` of Django takes, given on as it came


def tracked(model: ModelClass) -> ModelClass:
    """Record a model's history by statement-level triggers: a load of 50,000 rows makes one insert of events."""
    tracked_model: ModelClass = pghistory.track(
        pghistory.InsertEvent(level=pghistory.Statement),
        pghistory.UpdateEvent(level=pghistory.Statement),
        pghistory.DeleteEvent(level=pghistory.Statement),
        meta={"indexes": [models.Index(fields=["id", "pgh_created_at"])]},
    )(model)
    return tracked_model


class TranslatedField:
    """`note = TranslatedField()` reads `note_fr` or `note_en`: the text in the active language, else in the other."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(
        self, record: object, owner: type | None = None
    ) -> Any:  # Any: a text; the field itself, asked of the class
        if record is None:
            return self
        first, second = ("fr", "en") if (get_language() or "fr").startswith("fr") else ("en", "fr")
        return getattr(record, f"{self.name}_{first}") or getattr(record, f"{self.name}_{second}")


class FactQuerySet(VisibleQuerySet[ModelT]):
    def possible_on(self, day: dt.date) -> Self:
        """Facts that are, or may be, true on `day`."""
        return self.filter(possible__holds=day)

    def certain_on(self, day: dt.date) -> Self:
        """Facts that are certainly true on `day`."""
        return self.filter(certain__holds=day)


class LastingKey(models.Model):
    """A record with a key made when it is first recorded; no value that may be corrected is part of it."""

    uid = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def kind_name(cls) -> str:
        """The name by which citations refer to this kind of record: `register.organisation`."""
        return cls._meta.label_lower


class Fact(LastingKey):
    """A record with a period, a visibility and citations.

    `period_start` and `period_end` are EDTF texts; each save computes the three ranges of days from them (see
    `core.periods`). `attested` is the last date at which a source shows the fact true, if its end is unknown.
    """

    period_start = models.CharField(_("from"), max_length=20, blank=True)
    period_end = models.CharField(_("to"), max_length=20, blank=True, default=OPEN)
    attested = models.CharField(_("attested"), max_length=45, blank=True)
    certain = DateRangeField(editable=False)
    possible = DateRangeField(editable=False)
    days = DateRangeField(editable=False)
    visibility = models.CharField(_("visibility"), max_length=12, choices=Visibility, default=Visibility.PUBLIC)
    note_en = models.TextField(blank=True)
    note_fr = models.TextField(blank=True)

    note = TranslatedField()
    objects = FactQuerySet.as_manager()

    class Meta:
        # No index on the days: lists are read in their own order, and most facts are true on most days.
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(certain__contained_by=models.F("possible")),
                name="%(app_label)s_%(class)s_certain_is_possible",
            ),
        ]

    def save(self, *args: SaveOption, **kwargs: SaveOption) -> None:
        self.prepare()
        super().save(*args, **kwargs)

    @property
    def period(self) -> Period:
        return Period(self.period_start, self.period_end)

    def prepare(self) -> None:
        """Compute the days from the period and `attested`. Raises `InvalidPeriodError`."""
        self.certain, self.possible, self.days = period_ranges(self.period_start, self.period_end, self.attested)

    def in_force(self, day: dt.date) -> TruthOnDay:
        """Whether the fact holds on `day`: yes, no, or not sure."""
        if range_contains(self.certain, day):
            return TruthOnDay.YES
        return TruthOnDay.UNSURE if range_contains(self.possible, day) else TruthOnDay.NO


class Stance(models.TextChoices):
    """How a source relates to the claim it is cited for."""

    SUPPORTS = "supports", _("supports it")
    PARTLY = "partly", _("supports it in part")
    DATES = "dates", _("true at another time")
    DISPUTES = "disputes", _("says otherwise")


class SourceQuerySet(models.QuerySet["Source"]):
    def visible_to(self, actor: Actor) -> Self:
        """The sources this actor may read: all for an officer of the site, else those cited for what they may read."""
        if actor.is_officer:
            return self
        cited = Citation.objects.filter(source=models.OuterRef("pk"))
        return self.filter(models.Exists(cited.filter(_of_visible_records(actor))))


def _of_visible_records(actor: Actor) -> models.Q:
    """The condition that the record of a citation is a fact of a list that the actor may read."""
    condition = models.Q(pk__in=())
    for model in {fact_list.model for fact_list in FACT_LISTS.values()} - {Source}:
        rows = model.objects.visible_to(actor).filter(pk=models.OuterRef("record_id"))
        # The kind first: PostgreSQL asks in this order, and asks a table of its own kind only.
        condition |= models.Q(record_kind=model.kind_name()) & models.Q(models.Exists(rows))
    return condition


@tracked
class Source(LastingKey):
    """A web page, a document, a letter, or the statement of an organisation, cited for a claim.

    `stated_by` is the key of the organisation that makes a statement. `dated` is the date of a document in EDTF, and
    `place` the page or article of it. `digest` is the SHA-256 of a document that is attached, in hexadecimal: it names
    the document also where its file is not kept.
    """

    class Kind(models.TextChoices):
        WEB = "web", _("web page")
        DOCUMENT = "document", _("document")
        LETTER = "letter", _("letter or mail")
        STATEMENT = "statement", _("the organisation's own statement")

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.WEB, db_default=Kind.WEB)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    domain = models.CharField(max_length=253, editable=False)
    title = models.CharField(max_length=300, blank=True)
    issuer = models.CharField(max_length=300, blank=True, db_default="")
    dated = models.CharField(max_length=20, blank=True, db_default="")
    place = models.CharField(max_length=300, blank=True, db_default="")
    stated_by = models.CharField(max_length=80, blank=True, db_default="")
    digest = models.CharField(max_length=64, blank=True, db_default="")
    # To sort and search many sources: title first, then who issued it, then its address.
    search_text = models.GeneratedField(
        expression=FoldedText(
            Concat("title", Value(" "), "issuer", Value(" "), "url", output_field=models.TextField())
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    shown_by: ClassVar = "citations"
    objects = SourceQuerySet.as_manager()

    class Meta:
        # As much of a text as fits an entry of an index.
        indexes = [models.Index(Left("search_text", 200), "id", name="source_by_title")]
        # Constraints instead of `unique=True`, which would add a second index for searches by prefix.
        constraints = [
            models.UniqueConstraint(fields=["url"], condition=~models.Q(url=""), name="source_once"),
            models.UniqueConstraint(
                fields=["kind", "title", "issuer", "dated", "place", "stated_by", "digest"],
                condition=models.Q(url=""),
                name="source_in_words_once",
            ),
        ]

    def __str__(self) -> str:
        words = ", ".join(text for text in (self.title, self.issuer, self.dated, self.place) if text)
        return words or self.domain or str(self.get_kind_display())

    def save(self, *args: SaveOption, **kwargs: SaveOption) -> None:
        self.prepare()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return record_address("sources", self.pk)

    def prepare(self) -> None:
        """Compute the domain from the address."""
        self.domain = source_domain(self.url)


def source_domain(url: str) -> str:
    """The host name of a URL without `www.`: `https://www.opale.org/fr` gives `opale.org`."""
    host = url.split("://", 1)[-1].split("/", 1)[0].rsplit("@", maxsplit=1)[-1].split(":", maxsplit=1)[0].lower()
    return host.removeprefix("www.")


@tracked
class Citation(models.Model):
    """What a source, read on a day, asserts about a record or about one property of it."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="citations")
    record_kind = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    property = models.CharField(max_length=60, blank=True)
    stance = models.CharField(max_length=10, choices=Stance, default=Stance.SUPPORTS)
    assertion_en = models.TextField(blank=True)
    assertion_fr = models.TextField(blank=True)
    read_on = models.DateField(_("read on"))
    # A document that an organisation cites about itself confirms nothing until an officer has accepted it.
    accepted = models.BooleanField(default=True, db_default=True)
    # The organisation (id) that cites a document about itself, which the other party may accept; none for an officer.
    brought_by = models.BigIntegerField(null=True, blank=True)

    assertion = TranslatedField()

    class Meta:
        indexes = [
            models.Index(fields=["record_kind", "record_id"]),
            # The few that wait to be accepted are looked for on every desk.
            models.Index(fields=["record_kind"], condition=models.Q(accepted=False), name="citation_to_accept"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["record_kind", "record_id", "property", "source"], name="citation_once_per_property"
            ),
        ]

    def __str__(self) -> str:
        return str(self.source)


@tracked
class Contradiction(LastingKey):
    """Two conflicting statements of sources, open until a person settles it; the side not chosen stays visible."""

    topic_en = models.CharField(max_length=300, unique=True)
    topic_fr = models.CharField(max_length=300, blank=True)
    a_en = models.TextField()
    a_fr = models.TextField(blank=True)
    b_en = models.TextField()
    b_fr = models.TextField(blank=True)
    settled_side = models.CharField(max_length=1, blank=True, choices=[("a", "a"), ("b", "b")])
    settled_reason = models.TextField(blank=True)
    settled_by = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.PUBLIC)

    topic, a, b = TranslatedField(), TranslatedField(), TranslatedField()
    objects = VisibleQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.topic)

    @property
    def is_open(self) -> bool:
        return not self.settled_side


@tracked
class ContradictionSubject(models.Model):
    """A record, or one property of it, that a contradiction is about."""

    contradiction = models.ForeignKey(Contradiction, on_delete=models.CASCADE, related_name="subjects")
    record_kind = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    property = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["record_kind", "record_id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["contradiction", "record_kind", "record_id", "property"], name="subject_once_per_contradiction"
            ),
        ]


@tracked
class Grant(models.Model):
    """A person may read a record whose visibility is *named persons*."""

    record_kind = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")

    confidential: ClassVar = ("person", "")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_kind", "record_id", "person"], name="grant_once")]


@tracked
class WithdrawnFact(models.Model):
    """A fact that was withdrawn, since it never was so: its row, and the records by which it can be restored.

    `list_name` is the list that it belonged to and `uid` its lasting key. `records` are its records and citations, as
    Django serialises them.
    """

    list_name = models.CharField(max_length=40)
    uid = models.UUIDField(db_index=True)
    title = models.CharField(max_length=400)
    row = models.JSONField()
    records = models.JSONField(default=list)
    reason = models.TextField()
    withdrawn_by = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField()
    restored_at = models.DateTimeField(null=True, blank=True)

    # The row may name what only its organisations may read: officers review it.
    confidential: ClassVar = ("", "")

    def __str__(self) -> str:
        return self.title

    @classmethod
    def kind_name(cls) -> str:
        return cls._meta.label_lower
