"""Merges of two records of one organisation, and decisions on records that look alike."""

import datetime as dt

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, Arguments, Reason, action
from maillage.core.actors import OFFICER, Actor
from maillage.register.hierarchy import would_close_circle
from maillage.register.models import Lookalike, Merge, Organisation, Tie
from maillage.register.record_moves import MoveLog, mark_pair_as_same, move_all_references, set_and_log, undo_moves
from maillage.register.vocabulary import HIERARCHY_KINDS

# Fields that the kept record takes over from the absorbed one where its own are empty.
_COMPLETED_FIELDS = ("name_fr", "name_en", "acronym", "city", "country", "latitude", "longitude", "website",
                     "contact_mail")  # fmt: skip


@action(OFFICER, title=gettext_lazy("Merge two organisations"), changes=("register.organisation", "kept_id"))
def merge_organisations(*, actor: Actor, at: dt.datetime, kept_id: int, absorbed_id: int, reason: Reason) -> Merge:
    """Merge two records of one organisation: everything that refers to the absorbed one passes to the kept one.

    The absorbed record's address leads to the kept one. Raises `ActionError` where both ids are the same, where either
    record was merged before, where the reason is missing, or where an organisation would become part of itself.
    """
    if kept_id == absorbed_id:
        raise ActionError(_("A record cannot be merged into itself; choose two."))
    records = Organisation.objects.select_for_update().in_bulk([kept_id, absorbed_id])
    if len(records) < 2:
        raise ActionError(_("One of the two records is not there any more; reload the page."))
    kept, absorbed = records[kept_id], records[absorbed_id]
    if kept.merged_into_id or absorbed.merged_into_id:
        raise ActionError(_("One of the two records was merged into another before; undo that merge first."))
    log = _merge_records(kept, absorbed)
    return Merge.objects.create(kept=kept, absorbed=absorbed, reason=reason, moved=log, merged_at=at)


def _merge_records(kept: Organisation, absorbed: Organisation) -> MoveLog:
    log = move_all_references(absorbed, kept)
    for name in _COMPLETED_FIELDS:
        if getattr(kept, name) in ("", None) and getattr(absorbed, name) not in ("", None):
            set_and_log(log, kept, name, getattr(absorbed, name))
    kept.save()
    absorbed.merged_into = kept
    absorbed.save()
    mark_pair_as_same(log, kept, absorbed)
    _check_no_circle(kept)
    return log


def _check_no_circle(organisation: Organisation) -> None:
    for tie in Tie.objects.filter(kind__in=HIERARCHY_KINDS, subject=organisation):
        if would_close_circle(tie.subject_id, tie.object_id, tie.kind):
            raise ActionError(
                _("“%(one)s” would then stand above itself through “%(other)s”; remove one of those ties first.")
                % {"one": organisation, "other": tie.object}
            )


@action(OFFICER, title=gettext_lazy("Undo a merge"))
def undo_merge(*, actor: Actor, at: dt.datetime, merge_id: int, reason: Reason) -> Merge:
    """Split a merged record: everything that was moved to the kept record goes back.

    What was added since stays with the kept record. Raises `ActionError` where the merge is undone already, where a
    later merge builds on it, or where later changes conflict with it.
    """
    merge: Merge = Merge.objects.select_for_update().select_related("kept", "absorbed").get(pk=merge_id)
    if merge.undone_at:
        raise ActionError(_("This merge is undone already."))
    _check_no_later_merge(merge)
    absorbed = merge.absorbed
    absorbed.merged_into = None
    absorbed.save()
    try:
        with transaction.atomic():
            undo_moves(merge.moved)
            # Checked now rather than at the commit, so that a missing row raises here.
            connection.check_constraints()
    except IntegrityError as error:
        raise ActionError(
            _("Something added since stands in the way: it is what the other record had. Remove it, then undo.")
        ) from error
    merge.undone_at = at
    merge.save()
    return merge


def _check_no_later_merge(merge: Merge) -> None:
    ids = [merge.kept_id, merge.absorbed_id]
    later_merges = Merge.objects.filter(undone_at=None, pk__gt=merge.pk)
    blocking_merge = (later_merges.filter(kept__in=ids) | later_merges.filter(absorbed__in=ids)).order_by("-pk").first()
    if blocking_merge is not None:
        raise ActionError(
            _("“%(absorbed)s” was merged into “%(kept)s” later on; undo that merge first.")
            % {"absorbed": blocking_merge.absorbed, "kept": blocking_merge.kept}
        )


@action(OFFICER, title=gettext_lazy("Decide on records that look alike"))
def decide_lookalike(*, actor: Actor, at: dt.datetime, lookalike_id: int, decision: str, reason: Reason) -> Lookalike:
    """Decide whether an incoming record is the `same` organisation, which merges the two, or a `different` one.

    Raises `ActionError` for any other decision, or where the pair is decided already.
    """
    lookalike: Lookalike = Lookalike.objects.select_for_update().get(pk=lookalike_id)
    if decision not in ("same", "different"):
        raise ActionError(_("Say “same” or “different”."))
    if lookalike.decision:
        raise ActionError(_("This pair is decided already; to part two merged records, undo their merge."))
    if decision == "same":
        pair: Arguments = {"kept_id": lookalike.organisation_id, "absorbed_id": lookalike.incoming_id}
        merge_organisations(actor=actor, at=at, reason=reason, **pair)
        lookalike.refresh_from_db()
    lookalike.decision, lookalike.decided_at = decision, at
    lookalike.save()
    return lookalike
