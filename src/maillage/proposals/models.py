"""Proposals of change to facts, by those who may not write them, and who proposes."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.core.actors import Actor
from maillage.core.models import LastingKey, tracked


class ProposalKind(models.TextChoices):
    """What is proposed to be done."""

    RECORD = "record", _("record a fact")
    CORRECT = "correct", _("correct a fact")
    END = "end", _("end a fact")
    WITHDRAW = "withdraw", _("withdraw a fact")


class ProposalState(models.TextChoices):
    """Where a proposal stands."""

    UNCONFIRMED = "unconfirmed", _("waits for its mail address to be confirmed")
    OPEN = "open", _("waits for an answer")
    ACCEPTED = "accepted", pgettext_lazy("state of a proposal", "accepted")
    REFUSED = "refused", pgettext_lazy("state of a proposal", "refused")
    TAKEN_BACK = "taken-back", _("taken back by who proposed it")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, actor: Actor) -> Self:
        """The proposals this actor may read: one's own, and those about an organisation within reach."""
        if actor.is_officer:
            return self
        condition = Q(readers__overlap=sorted(actor.reach)) if actor.reach else Q(pk__in=())
        return self.filter(condition | Q(proposed_by=actor.user_id) if actor.user_id else condition)

    def in_state(self, *states: str) -> Self:
        """The proposals in one of these states."""
        return self.filter(state__in=states)


@tracked
class Proposal(LastingKey):
    """A change that somebody proposes to a fact.

    `values` are the row of a new fact, or the fields that change, by key; `before` are these fields as they were when
    it was proposed, and `written` what was written when it was accepted. Without values a correction says in words
    what is wrong. `readers` are the organisations (ids) that the fact concerns; none before the proposal is confirmed.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=ProposalKind)
    list_name = models.CharField(_("list"), max_length=40)
    fact_uid = models.UUIDField(null=True, blank=True)
    title = models.CharField(_("fact"), max_length=400)
    values = models.JSONField(_("values"), default=dict)
    before = models.JSONField(default=dict)
    written = models.JSONField(null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=ProposalState)
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="proposals"
    )
    due_on = models.DateField(_("answer due"), null=True, blank=True)
    decided_at = models.DateTimeField(_("answered"), null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    readers = ArrayField(models.BigIntegerField(), default=list)

    confidential: ClassVar = ("proposed_by", "readers")
    objects = ProposalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "-id"]), models.Index(fields=["fact_uid"], name="proposal_of_fact")]
        constraints = [
            models.CheckConstraint(
                condition=Q(fact_uid__isnull=False) | Q(kind=ProposalKind.RECORD), name="proposal_is_about_a_fact"
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.UNCONFIRMED) | Q(readers=[]), name="unconfirmed_proposal_has_no_reader"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == ProposalState.OPEN

    @property
    def is_in_words(self) -> bool:
        """Whether it says what is wrong without a value that is right."""
        return self.kind == ProposalKind.CORRECT and not self.values


class Proposer(models.Model):
    """Who proposes a change: name, mail address and language of the answer.

    Not tracked, so that nothing of it stays when it is erased. The organisations that answer (`readers`) see the name.
    """

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="proposer")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    undelivered = models.TextField(blank=True)
    readers = ArrayField(models.BigIntegerField(), default=list)

    confidential: ClassVar = ("", "readers")

    def __str__(self) -> str:
        return self.name or self.email
