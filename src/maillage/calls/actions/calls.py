"""Actions: publish a version of a call, and withdraw a call."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.call_document import CallDocument
from maillage.calls.models import Call, CallVersion
from maillage.calls.parser import parse_call
from maillage.calls.queries import operators_of_call
from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.labels.models import Label
from maillage.labels.queries import get_label
from maillage.register.models import Organisation


def _operators_of_text(*, text: str, **_others: object) -> Iterable[int]:
    return get_label(parse_call(text).label).operator_ids


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Publish a call"), concerns=_operators_of_text)
def publish_call(*, actor: Actor, at: dt.datetime, text: str, reason: Reason, base: int | None = None) -> CallVersion:
    """Publish a new call, or a new version of one, from YAML; existing applications stay on their version.

    Raises `InvalidDocumentError` with every fault, `ActionError` for a label, organisation or outcome that the register
    does not know, without a reason, where nothing changed, or where it was made from another version (`base`) than the
    last one.
    """
    document = parse_call(text)
    _refuse_unknown_names(document)
    call = Call.objects.select_for_update().filter(key=document.name).first()
    last = call.last if call else None
    _refuse_invalid_version(call, last, document, base)
    fields = {"label": get_label(document.label), "title_fr": document.title.fr, "title_en": document.title.en,
              "opens_at": document.opens, "closes_at": document.closes}  # fmt: skip
    call = Call.objects.update_or_create(key=document.name, defaults=fields)[0]
    number = last.version + 1 if last else 1
    return CallVersion.objects.create(
        call=call, version=number, text=text, published_at=at, author=actor.name, reason=reason
    )


def _refuse_unknown_names(document: CallDocument) -> None:
    """Raise `ActionError` unless the register has every organisation and label that the call names."""
    keys = {document.authority.decides, document.authority.proposes, document.authority.runs}
    known = set(Organisation.objects.filter(key__in=keys, merged_into=None).values_list("key", flat=True))
    if missing := sorted(keys - known):
        raise ActionError(
            _("Not in the register: %s; correct the key or add the organisation first.") % ", ".join(missing)
        )
    label = get_label(document.label)
    _refuse_other_operators(document, label)
    for outcome in document.outcomes:
        if outcome.label and get_label(outcome.label).authority_id != label.authority_id:
            message = _("“%s” is a label of another authority, which alone can award it.")
            raise ActionError(message % outcome.label)


def _refuse_other_operators(document: CallDocument, label: Label) -> None:
    """Raise `ActionError` unless the label's authority decides, and it or the label's manager runs the call.

    Mandates of these organisations give access to the call.
    """
    keys_by_operator_id = dict(Organisation.objects.filter(pk__in=label.operator_ids).values_list("pk", "key"))
    if label.authority_id and document.authority.decides != keys_by_operator_id[label.authority_id]:
        message = _("The label “%(label)s” is given by %(authority)s: write it in “decides:”.")
        raise ActionError(message % {"label": label.key, "authority": keys_by_operator_id[label.authority_id]})
    if document.authority.runs not in keys_by_operator_id.values():
        message = _("“%(organisation)s” neither gives nor manages the label “%(label)s”: one of them runs its calls.")
        raise ActionError(message % {"organisation": document.authority.runs, "label": label.key})


def _refuse_invalid_version(
    call: Call | None, last: CallVersion | None, document: CallDocument, base: int | None
) -> None:
    if call and call.withdrawn_at:
        raise ActionError(_("This call was withdrawn; give the new one another name."))
    if last is None:
        return
    last.check_next(document, base)
    if last.document.label != document.label:
        raise ActionError(_("A call keeps its label; give the new one another name."))


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Withdraw a call"), concerns=operators_of_call)
def withdraw_call(*, actor: Actor, at: dt.datetime, call_id: int, reason: Reason) -> Call:
    """Close a call for good; its applications stay readable. Raises `ActionError` without a reason, or twice."""
    call: Call = Call.objects.select_for_update().get(pk=call_id)
    if call.withdrawn_at:
        raise ActionError(_("This call was withdrawn before."))
    call.withdrawn_at, call.withdrawal_reason = at, reason
    call.save()
    return call
