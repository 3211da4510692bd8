"""Needs, requesters, addressees, requests to teams, answers and ratings."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.core.actors import LEAD, MANAGER, PILOT, Actor
from maillage.core.addresses import record_address
from maillage.core.models import Fact, tracked
from maillage.core.security.visibility import Visibility, VisibleQuerySet
from maillage.offers.models import Offer
from maillage.partnerships.sectors import Sector
from maillage.register.models import Organisation
from maillage.rules.company_size import SizeClass
from maillage.workflow.models import Case

# Mandates of other roles for an organisation that deals with a need read neither who asks nor what is exchanged.
DEALING_ROLES = (MANAGER, PILOT, LEAD)
SIZE_CHOICES = [
    (SizeClass.MICRO.value, _("micro-enterprise")),
    (SizeClass.SMALL.value, _("small or medium-sized enterprise")),
    (SizeClass.MIDDLE.value, _("mid-cap")),
    (SizeClass.LARGE.value, _("large enterprise")),
    (SizeClass.UNKNOWN.value, pgettext_lazy("size of an enterprise", "not known")),
]


@tracked
class AnswerDelay(Fact):
    """An organisation promises to answer needs within so many working days; while the promise holds, it takes needs."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="answer_delays")
    working_days = models.PositiveSmallIntegerField(_("working days"))

    visible_through: ClassVar = ("organisation",)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(condition=Q(working_days__range=(1, 250)), name="answer_delay_is_of_some_days"),
            models.UniqueConstraint(fields=["organisation", "period_start"], name="answer_delay_once"),
        ]


@tracked
class Need(models.Model):
    """A request in the requester's words, and the terms an answer must meet. Who asks is kept apart, in `Requester`.

    `language` is the ISO 639-1 code detected from the text, empty where it was not. Regions are ISO 3166-2 codes,
    countries ISO 3166-1; an empty list means any.
    """

    key = models.CharField(_("key"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=2, blank=True)
    stated_at = models.DateTimeField(_("stated"))
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="needs"
    )
    trl_low = models.SmallIntegerField(_("lowest TRL"), null=True, blank=True)
    trl_high = models.SmallIntegerField(_("highest TRL"), null=True, blank=True)
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    regions = ArrayField(models.CharField(max_length=6), default=list, blank=True)
    label_key = models.CharField(_("label"), max_length=80, blank=True)
    label_on = models.DateField(_("label held on"), null=True, blank=True)
    budget = models.DecimalField(_("budget"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    start_on = models.DateField(_("start"), null=True, blank=True)
    seat_kind = models.CharField(_("a seat for"), max_length=30, blank=True)
    is_confidential = models.BooleanField(_("confidential"), default=True)
    about_offer = models.ForeignKey(
        Offer, on_delete=models.SET_NULL, null=True, blank=True, related_name="needs_about", verbose_name=_("offer")
    )
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.ORGANISATION)

    stays_with_its_organisations: ClassVar = True
    visible_through: ClassVar = ("addresses__organisation",)
    # A reviewer of the same organisation, for instance, has no task that needs the words of a requester.
    confidential_roles: ClassVar = DEALING_ROLES
    shown_with: ClassVar = ()
    owner: ClassVar = "stated_by"
    # The history is read by teams too, and these actions are run by who asks: it names nobody for them.
    authors_of_actions: ClassVar = dict.fromkeys(
        ("partnerships.state_need", "partnerships.reword_need"), pgettext_lazy("in a history", "the requester")
    )
    objects = VisibleQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-stated_at", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(trl_low=None, trl_high=None)
                | Q(trl_low__gte=1, trl_high__lte=9, trl_low__lte=F("trl_high")),
                name="need_trl_is_a_range_of_1_to_9",
            ),
            models.CheckConstraint(condition=Q(budget=None) | Q(budget__gt=0), name="need_budget_is_something"),
            models.CheckConstraint(condition=Q(label_on=None) | ~Q(label_key=""), name="need_label_has_its_day"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return record_address("needs", self.key)

    @classmethod
    def kind_name(cls) -> str:
        return cls._meta.label_lower

    @property
    def is_erased(self) -> bool:
        """Whether it was erased who stated it, and in what words."""
        return not self.text

    @property
    def trl(self) -> str:
        """The range of readiness levels: `3–8`, `4`, or an empty text."""
        if self.trl_low is None:
            return ""
        return str(self.trl_low) if self.trl_low == self.trl_high else f"{self.trl_low}–{self.trl_high}"


class NeedAddressRole(models.TextChoices):
    """The part an organisation has in a need."""

    ADDRESSEE = "addressee", _("answers")
    NETWORK = "network", _("network involved")
    ASKED = "asked", _("team asked")


class NeedOutcome(models.TextChoices):
    """How an addressee dealt with a need."""

    ANSWERED = "answered", _("answered")
    REDIRECTED = "redirected", _("passed on")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


@tracked
class NeedAddress(models.Model):
    """An organisation that received a need: for an addressee, the promised day, what it did and when.

    While `stopped_at` is set, the clock of the promise stands still: the requester has been asked for more.
    Where nobody acts for an addressee, the need is mailed to its contact (`mailed_to`) with a link that answers it.
    """

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="addresses")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="needs_addressed")
    role = models.CharField(max_length=10, choices=NeedAddressRole)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="address")
    since = models.DateTimeField()
    promised_day = models.DateField(_("promised"), null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    dealt_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=NeedOutcome, blank=True)
    mailed_to = models.EmailField(max_length=254, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    shown_with: ClassVar = ("need",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["need", "organisation"], name="address_once_per_need"),
            models.CheckConstraint(
                condition=~Q(role=NeedAddressRole.ADDRESSEE) | Q(promised_day__isnull=False),
                name="addressee_has_promised",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "since"], name="address_of_organisation")]

    @property
    def is_late(self) -> bool:
        """Whether its promised day has passed without an answer."""
        day = self.promised_day
        is_running = self.dealt_at is None and self.stopped_at is None
        return day is not None and is_running and day < timezone.localdate()


@tracked
class RequestedCapability(models.Model):
    """A capability that a need asks for: a concept of the vocabulary, essential or wished."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="asked")
    concept = models.CharField(max_length=120)
    essential = models.BooleanField(default=True)

    shown_with: ClassVar = ("need",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "concept"], name="capability_asked_once")]


@tracked
class Requester(models.Model):
    """Who states a need; read by the organisations that answer (`readers`) and by its author, not by teams.

    Figures are those of the enterprise (the group), for its size class; see `rules.company_size`.
    """

    need = models.OneToOneField(Need, on_delete=models.CASCADE, related_name="requester")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organisation = models.CharField(_("organisation"), max_length=300)
    country = models.CharField(_("country"), max_length=2, blank=True)
    place = models.CharField(_("town or region"), max_length=200, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    email = models.EmailField(_("mail address"))
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    is_enterprise = models.BooleanField(default=True)
    staff = models.DecimalField(max_digits=12, decimal_places=1, null=True, blank=True)
    turnover = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    balance = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    sector = models.CharField(_("sector"), max_length=2, choices=Sector, blank=True)
    size = models.CharField(_("size"), max_length=10, choices=SIZE_CHOICES, default=SizeClass.UNKNOWN.value)
    readers = ArrayField(models.BigIntegerField(), default=list)
    undelivered = models.TextField(blank=True)
    # When a link sent to the address was first opened, or a mail came from it: until then it may be a stranger's.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # When it was erased who they are: only sector, size, country and language stay.
    erased_at = models.DateTimeField(null=True, blank=True)

    confidential: ClassVar = ("person", "readers")
    confidential_roles: ClassVar = DEALING_ROLES

    def __str__(self) -> str:
        return self.organisation


class TeamReply(models.TextChoices):
    """What a team replies to a request."""

    PENDING = "", pgettext_lazy("reply of a team", "not yet")
    YES = "yes", pgettext_lazy("reply of a team", "yes")
    NO = "no", pgettext_lazy("reply of a team", "no")


@tracked
class TeamRequest(models.Model):
    """A team is asked whether it takes part with one of its offers, and its reply; the words are messages.

    `reminded_at` is when it was last reminded, where it has not replied at once.
    """

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="requests")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="requests")
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(max_length=3, choices=TeamReply, blank=True, default=TeamReply.PENDING)
    free_from = models.DateField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    # The organisations (ids) that read it.
    readers = ArrayField(models.BigIntegerField(), default=list)

    confidential: ClassVar = ("", "readers")
    confidential_roles: ClassVar = DEALING_ROLES

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "offer"], name="offer_asked_once_per_need")]


@tracked
class Answer(models.Model):
    """An answer to the requester: a proposal with a team, a redirection, or a reasoned no. It is final once sent."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="answers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="answers_given")
    kind = models.CharField(max_length=10, choices=NeedOutcome)
    letter = models.TextField(_("letter"))
    redirected_to = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="answers_received"
    )
    signer_name = models.CharField(_("signed by"), max_length=200, blank=True)
    signer_function = models.CharField(_("function"), max_length=200, blank=True)
    signer_contact = models.CharField(_("contact"), max_length=200, blank=True)
    # The organisations (ids) that get the need once the requester agrees.
    pass_on_to = ArrayField(models.BigIntegerField(), default=list, blank=True)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    # The organisations (ids) that read it.
    readers = ArrayField(models.BigIntegerField(), default=list)

    confidential: ClassVar = ("", "readers")
    confidential_roles: ClassVar = DEALING_ROLES

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=NeedOutcome.REDIRECTED) ^ Q(redirected_to=None), name="redirection_leads_somewhere"
            ),
        ]


@tracked
class ProposedOffer(models.Model):
    """An offer of the team that an answer proposes, with the capabilities it brings (keys of concepts)."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="team")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="proposed_in")
    brings = ArrayField(models.CharField(max_length=120), default=list)

    shown_with: ClassVar = ("answer", "offer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "offer"], name="offer_proposed_once")]


class Coverage(models.TextChoices):
    """How far a proposed team meets one thing that a need asks for."""

    COVERED = "covered", pgettext_lazy("what an answer offers", "covered")
    NEARLY = "nearly", pgettext_lazy("what an answer offers", "nearly covered")
    UNCONFIRMED = "unconfirmed", pgettext_lazy("what an answer offers", "to be confirmed")
    NONE = "none", pgettext_lazy("what an answer offers", "not covered")


@tracked
class AnswerLine(models.Model):
    """What an answer says of one capability that is asked for (key of a concept), and by which organisations."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="lines")
    concept = models.CharField(max_length=120)
    essential = models.BooleanField(default=True)
    coverage = models.CharField(max_length=12, choices=Coverage)
    providers = ArrayField(models.CharField(max_length=300), default=list, blank=True)

    shown_with: ClassVar = ("answer",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "concept"], name="answer_line_once")]


@tracked
class Rating(models.Model):
    """The requester's rating of how a need was dealt with: 1 (badly) to 5 (very well)."""

    need = models.OneToOneField(Need, on_delete=models.CASCADE, related_name="rating")
    score = models.PositiveSmallIntegerField(_("score"))
    comment = models.TextField(_("comment"), blank=True)
    rated_at = models.DateTimeField()
    # The organisations (ids) that read it.
    readers = ArrayField(models.BigIntegerField(), default=list)

    confidential: ClassVar = ("", "readers")
    confidential_roles: ClassVar = DEALING_ROLES

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(score__range=(1, 5)), name="rating_is_of_1_to_5")]


class MessageThread(models.TextChoices):
    """The conversation that a message is part of, named for whom it is with."""

    REQUESTER = "requester", pgettext_lazy("a conversation with", "the requester")
    TEAM = "team", pgettext_lazy("a conversation with", "a team")
    NOTE = "note", _("internal note")


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, actor: Actor) -> Self:
        """The messages of this actor's conversations: those of organisations within reach, and as a requester."""
        if actor.is_officer:
            return self
        own = Q(requester__isnull=False, requester=actor.user_id)
        reach = actor.reach if actor.acting and actor.acting.role in DEALING_ROLES else ()
        return self.filter(Q(readers__overlap=sorted(reach)) | own)


@tracked
class Message(models.Model):
    """A message about a need: between its requester and who answers, between these and a team, or a note among them.

    Without an `organisation`, the requester wrote it. `quoted` is what a mail repeated of earlier ones; `not_taken`
    says which of its files were refused, and why.
    """

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="messages")
    thread = models.CharField(max_length=10, choices=MessageThread)
    team = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    author_name = models.CharField(max_length=300)
    text = models.TextField(_("text"))
    quoted = models.TextField(blank=True)
    not_taken = models.TextField(blank=True)
    # To whom its mail did not arrive, and why, one a line: for the side that wrote it.
    undelivered = models.TextField(blank=True)
    by_mail = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    # The person who stated the need reads what was written to them and by them.
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The organisations (ids) that read it.
    readers = ArrayField(models.BigIntegerField(), default=list)

    confidential: ClassVar = ("requester", "readers")
    confidential_roles: ClassVar = DEALING_ROLES
    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(thread=MessageThread.TEAM) ^ Q(team=None), name="message_to_a_team_names_it"
            ),
            models.CheckConstraint(
                condition=Q(thread=MessageThread.REQUESTER) | Q(organisation__isnull=False, requester=None),
                name="message_of_requester_is_in_their_thread",
            ),
        ]
        indexes = [models.Index(fields=["need", "written_at"], name="message_of_need")]

    def __str__(self) -> str:
        return self.text[:80]

    @classmethod
    def kind_name(cls) -> str:
        return cls._meta.label_lower


class ReceivedMail(models.Model):
    """A mail that the inbox has dealt with, by the digest of its identity; `refused` says why it became no message."""

    digest = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField()
    sender = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    refused = models.TextField(blank=True)
    message = models.OneToOneField(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="mail")

    # Read by officers alone.
    confidential: ClassVar = ("", "")

    class Meta:
        indexes = [models.Index(fields=["-received_at"], name="mail_received")]

    def __str__(self) -> str:
        return self.subject


class Erasure(models.Model):
    """A need whose requester was erased, or an account, and the day; kept to do it again after a backup is restored.

    A need stands by its key, an account as `account-NUMBER-MARK` (see `erasure_list.account_key`).
    """

    need_key = models.CharField(max_length=40, unique=True)
    day = models.DateField()

    # Read by officers alone.
    confidential: ClassVar = ("", "")

    class Meta:
        indexes = [models.Index(fields=["-day", "-id"], name="erasure_latest")]

    def __str__(self) -> str:
        return self.need_key
