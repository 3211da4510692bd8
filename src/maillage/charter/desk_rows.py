"""What waits on the desk: findings, and what is due by a charter, for the holder or for whoever runs the label."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext

from maillage.charter.charter_document import CharterDocument
from maillage.charter.due_items import DueItem, list_due_items
from maillage.charter.models import Charter, Finding, FindingStage, FollowUp
from maillage.charter.queries import current_follow_ups, open_findings
from maillage.core.actors import LABEL_OFFICER, LEAD, MANAGER, PILOT
from maillage.desk.providers import DeskKind, DeskReader, DeskRow, desk_rows

_HOLDER = frozenset({MANAGER, LEAD, PILOT})
_OFFICE = frozenset({LABEL_OFFICER})
_FOR_OPERATOR = (FindingStage.PLANNED, FindingStage.DONE)


_KINDS = (
    DeskKind("finding", gettext_lazy("Finding"), "bell"),
    DeskKind("plan-step", gettext_lazy("Step of a plan"), "check"),
    DeskKind("certificate", gettext_lazy("Certificate"), "check"),
    DeskKind("proof", gettext_lazy("Evidence"), "check"),
    DeskKind("charter-review", gettext_lazy("Charter review"), "check"),
)


@desk_rows(*_KINDS)
def charter_rows(reader: DeskReader) -> Iterator[DeskRow]:
    """The open findings with the steps of their plans, and the evidence and reviews that are due or about to end."""
    if not reader.has_any(*_HOLDER, *_OFFICE):
        return
    runs = reader.waits_in("label__authority", *_OFFICE) | reader.waits_in("label__managed_by", *_OFFICE)
    concerned = current_follow_ups(actor=reader.actor, day=reader.day).filter(
        Q(reader.waits_in("holder", *_HOLDER)) | runs
    )
    follow_ups = reader.first(concerned.order_by("pk"), *(kind.name for kind in _KINDS), numbers_rows=False)
    documents = _documents({follow_up.label_id for follow_up in follow_ups}, reader.day)
    for follow_up in follow_ups:
        for finding in open_findings(follow_up):
            yield from _finding_rows(follow_up, finding)
        if document := documents.get(follow_up.label_id):
            yield from _due_rows(follow_up, document, reader.day)


def _documents(label_ids: set[int], day: dt.date) -> dict[int, CharterDocument]:
    """The charter in effect of each label (id)."""
    charters = Charter.objects.filter(label__in=label_ids).prefetch_related("versions")
    return {charter.label_id: charter.on(day).document for charter in charters}


def _finding_rows(follow_up: FollowUp, finding: Finding) -> Iterator[DeskRow]:
    url = reverse("charter-finding", args=[follow_up.pk, finding.pk])
    if finding.stage == FindingStage.RUNNING:
        for step in finding.steps.all():
            if step.done_on is None:
                act = pgettext("act on the desk", "Do it")
                yield _row("plan-step", step.pk, follow_up, step.text, url, act, step.due_on)
        return
    for_operator = finding.stage in _FOR_OPERATOR
    act = pgettext("act on the desk", "Judge") if for_operator else pgettext("act on the desk", "Plan")
    about = str(finding.get_stage_display())
    yield _row(
        "finding", finding.pk, follow_up, finding.text, url, act, finding.due_on, about, for_operator=for_operator
    )


def _due_rows(follow_up: FollowUp, document: CharterDocument, day: dt.date) -> Iterator[DeskRow]:
    reviews = [review.key for review in document.reviews]
    for item in list_due_items(follow_up, document, day):
        key = item.about.partition("-")[2]
        if item.kind == "review":
            url = reverse("hold-review", args=[follow_up.pk, key])
            # A review has no record before it is held: its place in the charter names it within the follow-up.
            number = follow_up.pk * 1_000 + reviews.index(key)
            act = pgettext("act on the desk", "Hold it")
            yield _row(
                "charter-review", number, follow_up, str(item.what), url, act, item.day, str(item), for_operator=True
            )
        elif item.kind in ("certificate", "proof"):
            act = pgettext("act on the desk", "Renew")
            url = _evidence_page(item, int(key))
            yield _row(item.kind, int(key), follow_up, str(item.what), url, act, item.day, str(item))


def _evidence_page(item: DueItem, pk: int) -> str:
    if item.kind == "certificate":
        return reverse("new-certificate", args=[item.follow_up.pk])
    commitment = next(proof.commitment for proof in item.follow_up.proofs.all() if proof.pk == pk)
    return reverse("prove", args=[item.follow_up.pk, commitment])


def _row(
    kind: str,
    number: int,
    follow_up: FollowUp,
    title: str,
    url: str,
    act: str,
    due: dt.date,
    about: str = "",
    *,
    for_operator: bool = False,
) -> DeskRow:
    return DeskRow(
        kind=kind,
        number=number,
        title=" ".join(title.split())[:200],
        url=url,
        act=act,
        roles=_OFFICE if for_operator else _HOLDER,
        organisation_ids=tuple(follow_up.label.operator_ids) if for_operator else (follow_up.holder_id,),
        about=" · ".join(filter(None, (str(follow_up), about))),
        due=due,
    )
