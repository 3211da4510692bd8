"""What somebody does who may not write: propose a change, confirm it by mail, take it back."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError, action
from maillage.core.actions.facts import FactError
from maillage.core.actors import READER, SYSTEM, Actor
from maillage.core.history import tracked_models
from maillage.core.rows.errors import RowError
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.rows.rights import check_statements
from maillage.core.rows.values import UniqueKey, Value, Values
from maillage.core.security.session_scope import Scope, use_scope
from maillage.core.text import normalise_lines
from maillage.files.uploads import IncomingFile
from maillage.notifications.bounces import handles_bounces
from maillage.people.models import User
from maillage.proposals.documents import attach_to_proposal, delete_documents, open_document
from maillage.proposals.mails import queue_proposer_mail
from maillage.proposals.models import Proposal, ProposalKind, ProposalState, Proposer
from maillage.proposals.proposed_values import proposed_fields, with_made_keys
from maillage.proposals.queries import organisations_concerned
from maillage.workflow.working_days import WorkingDays

# Working days within which a proposal is to be answered.
ANSWER_DELAY = 10
MAX_REASON_LENGTH = 5_000


@dataclass(frozen=True, slots=True)
class ProposerInput:
    """Who proposes a change without an account."""

    email: str
    name: str = ""


@action(READER, title=gettext_lazy("Propose a change to a fact"), over_api=False)
def propose_change(
    *,
    actor: Actor,
    at: dt.datetime,
    kind: str,
    list_name: str,
    values: Values,
    reason: str = "",
    fact_id: str = "",
    proposer: ProposerInput | None = None,
    document: IncomingFile | None = None,
) -> Proposal:
    """Propose a new fact, a correction, an end or a withdrawal; `values` are the row, or the fields that change.

    `document` is the one that its source names.

    Without an account it waits until the proposer's mail address is confirmed. Raises `ActionError` for a fact that the
    actor may not read, and for values that its list would refuse.
    """
    fact_list = FACT_LISTS.get(list_name)
    if fact_list is None or kind not in ProposalKind.values:
        raise ActionError(_("“%s” is no list of the register.") % list_name[:60])
    # In the proposer's own scope, so that `before` holds nothing that they may not read.
    with use_scope(Scope.of(actor), local=True):
        record = None if kind == ProposalKind.RECORD else _visible_fact(fact_list, actor, fact_id)
        row = fact_list.to_row(record) if record is not None else {}
    values = _checked_values(fact_list, kind, row, values)
    _check_statements(fact_list, actor, values)
    _check_says_something(kind, values, reason)
    if record is None:
        _refuse_recorded(fact_list, actor, values)
    proposal = Proposal.objects.create(
        kind=kind,
        list_name=list_name,
        fact_uid=record.uid if record is not None else None,
        title=" ".join(_title(fact_list, record, values).split())[:400],
        values=values,
        before={key: row.get(key) for key in values if key != "source"},
        reason=normalise_lines(reason)[:MAX_REASON_LENGTH],
        state=ProposalState.UNCONFIRMED,
        proposed_at=at,
        proposed_by_id=actor.user_id,
    )
    _add_proposer(proposal, actor, proposer)
    if document is not None:
        attach_to_proposal(proposal, document, actor=actor, at=at)
    if actor.user_id:
        _open(proposal, at)
    else:
        queue_proposer_mail(proposal, "confirm")
    return proposal


def _visible_fact(fact_list: AnyFactList, actor: Actor, fact_id: str) -> Value:
    records = fact_list.records()
    visible = records.visible_to(actor) if hasattr(records, "visible_to") else records
    try:
        record = visible.filter(uid=UniqueKey().parse(fact_id) or None).first()
    except ValueError:
        record = None
    if record is None:
        raise ActionError(_("This record is not there any more, or it is not for you; reload the page."))
    return record


def _checked_values(fact_list: AnyFactList, kind: str, row: Values, values: Values) -> Values:
    """The values as the list understands them. Raises `FactError` for those that it would refuse."""
    if kind == ProposalKind.WITHDRAW:
        return {}
    end = fact_list.end_field
    if kind == ProposalKind.END and end is None:
        raise ActionError(_("Facts of “%s” do not end; correct or withdraw this one.") % fact_list.title)
    allowed = {field.key for field in proposed_fields(fact_list)} | ({end.key} if end else set())
    if foreign := set(values) - allowed:
        raise FactError(_("“%s” is filled in by officers of the site; leave it out.") % min(foreign), min(foreign))
    given = {key: value for key, value in row.items() if key not in ("id", "attested", "citations", "read_on")}
    new = values if kind != ProposalKind.RECORD else with_made_keys(fact_list, values)
    try:
        read = fact_list.read({**given, **new})
    except RowError as error:
        raise FactError(str(error), error.field) from error
    fields = [field for field in fact_list.fields if field.key in values]
    return {field.key: _plain(getattr(read, field.name), values[field.key]) for field in fields}


def _check_statements(fact_list: AnyFactList, actor: Actor, values: Values) -> None:
    """Raise `FactError` for a statement of an organisation that the proposer may not see."""
    try:
        check_statements(actor, fact_list.model, values)
    except RowError as error:
        raise FactError(str(error), error.field) from error


def _plain(parsed: object, given: object) -> Value:
    """A value as JSON: as it was understood, so that it can be compared with that of the fact, else as it was given."""
    return parsed if isinstance(parsed, str | int | list | dict) and not isinstance(parsed, bool) else given


def _check_says_something(kind: str, values: Values, reason: str) -> None:
    if kind != ProposalKind.RECORD and len(reason.strip()) < 10:
        raise FactError(_("Say what is wrong and how you know it, in some words."), "reason")
    if kind in (ProposalKind.RECORD, ProposalKind.END) and not values:
        raise ActionError(_("Fill in what you propose."))


def _refuse_recorded(fact_list: AnyFactList, actor: Actor, values: Values) -> None:
    """Raise `ActionError` for a new fact that the reader can see in the register already."""
    existing = fact_list.find_row(fact_list.read(with_made_keys(fact_list, values)))
    if existing is not None and type(existing).objects.visible_to(actor).filter(pk=existing.pk).exists():
        raise ActionError(_("“%s” is recorded already; propose a correction of it instead.") % existing)


def _title(fact_list: AnyFactList, record: Model | None, values: Values) -> str:
    if record is not None:
        return str(record)
    names = (str(values[field.key]) for field in fact_list.fields if isinstance(values.get(field.key), str))
    return f"{fact_list.title}: {next(names, '')}"


def _add_proposer(proposal: Proposal, actor: Actor, proposer: ProposerInput | None) -> None:
    language = (get_language() or "fr")[:2]
    if actor.user_id:
        person = User.objects.get(pk=actor.user_id)
        name, email, language = person.name, person.email, person.language or language
    elif proposer is None or not proposer.email:
        raise FactError(_("Give your mail address: the answer is sent there."), "email")
    else:
        name, email = proposer.name, proposer.email
    Proposer.objects.create(proposal=proposal, name=" ".join(name.split())[:200], email=email, language=language)


def _open(proposal: Proposal, at: dt.datetime) -> None:
    """Put a proposal before those who answer it."""
    proposal.state = ProposalState.OPEN
    proposal.readers = sorted(organisations_concerned(proposal))
    proposal.due_on = WorkingDays().add(timezone.localdate(at), ANSWER_DELAY)
    proposal.save()
    Proposer.objects.filter(proposal=proposal).update(readers=proposal.readers)
    open_document(proposal)


@action(READER, title=gettext_lazy("Confirm a proposal of change"), over_api=False)
def confirm_proposal(*, actor: Actor, at: dt.datetime, proposal_id: int) -> Proposal:
    """Put a proposal before those who answer it, once its mail address is confirmed; the caller has checked the link.

    Raises `ActionError` if it was confirmed already.
    """
    proposal = Proposal.objects.select_for_update().get(pk=proposal_id)
    if proposal.state != ProposalState.UNCONFIRMED:
        raise ActionError(_("This proposal is confirmed already."))
    _open(proposal, at)
    return proposal


@action(READER, title=gettext_lazy("Take back one’s proposal of change"), over_api=False)
def take_back_proposal(*, actor: Actor, at: dt.datetime, proposal_id: int) -> Proposal:
    """Take back a proposal before it is answered; the caller has checked the link. Raises `ActionError` afterwards."""
    proposal = Proposal.objects.select_for_update().get(pk=proposal_id)
    if proposal.state not in (ProposalState.UNCONFIRMED, ProposalState.OPEN):
        raise ActionError(_("This proposal is answered already."))
    proposal.state, proposal.decided_at = ProposalState.TAKEN_BACK, at
    proposal.save()
    return proposal


@action(title=gettext_lazy("Note that a mail about a proposal was not delivered"), over_api=False)
def note_undelivered(*, actor: Actor, at: dt.datetime, proposal_id: int, why: str) -> None:
    """Keep why the mail to a proposer was not sent."""
    Proposer.objects.filter(proposal=proposal_id).update(undelivered=why)


def _address_of_proposer(proposal_id: int) -> str:
    return Proposer.objects.filter(proposal=proposal_id).values_list("email", flat=True).first() or ""


@handles_bounces("p", _address_of_proposer)
def _note_returned_mail(proposal_id: int, why: str, at: dt.datetime) -> None:
    note_undelivered(actor=SYSTEM, at=at, proposal_id=proposal_id, why=why)


@action(title=gettext_lazy("Erase the proposers of changes"), over_api=False)
def erase_old_proposers(*, actor: Actor, at: dt.datetime, unconfirmed_days: int, answered_days: int) -> int:
    """Delete proposals that were never confirmed, and who proposed those answered long ago; return how many.

    The documents go with them, also where the proposer's account was erased before.
    """
    # Locked, and read anew once the lock is there: what is confirmed meanwhile stays.
    unconfirmed = Proposal.objects.filter(
        state=ProposalState.UNCONFIRMED, proposed_at__lt=at - dt.timedelta(days=unconfirmed_days)
    )
    answered = Proposal.objects.filter(decided_at__lt=at - dt.timedelta(days=answered_days))
    unconfirmed_ids, answered_ids = (
        list(proposals.order_by("pk").select_for_update().values_list("pk", flat=True))
        for proposals in (unconfirmed, answered)
    )
    delete_documents([*unconfirmed_ids, *answered_ids], with_history=True)
    count = int(Proposal.objects.filter(pk__in=unconfirmed_ids).delete()[0])
    # What nobody confirmed stays nowhere, the history included.
    dict(tracked_models())[Proposal]._default_manager.filter(id__in=unconfirmed_ids).delete()
    return count + int(Proposer.objects.filter(proposal__in=answered_ids).delete()[0])
