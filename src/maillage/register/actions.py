"""What can be done to organisations: they are described, two records of one body are merged, a merge is undone."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import LEAD, MANAGER, OFFICER, Actor
from maillage.register.hierarchy import closes_circle
from maillage.register.models import Lookalike, Merge, Organisation, Tie
from maillage.register.moves import Log, move_all, record_set, settle_pair, undo_all
from maillage.register.vocabulary import HIERARCHY

# What the kept body takes over from the other where it has nothing itself.
_TAKEN_OVER = ("name_fr", "name_en", "acronym", "city", "country", "latitude", "longitude", "website")

# What those who act for a body may say of it themselves; its names, dates, ties and labels need a source.
DESCRIBED = ("city", "country", "website", "note_fr", "note_en")


def _organisation(*, organisation_id: int, **_others: Any) -> list[int]:
    return [organisation_id]


@action(
    OFFICER,
    MANAGER,
    LEAD,
    title=gettext_lazy("Describe an organisation"),
    concerns=_organisation,
    changes=("register.organisation", "organisation_id"),
)
def describe_organisation(
    *, actor: Actor, at: dt.datetime, organisation_id: int, changes: dict[str, str], reason: str
) -> Organisation:
    """Change what a record says of the body: `changes` holds new texts by name, of those in `DESCRIBED`.

    Raises `Impossible` for another name, a text that is too long or no address, a body without any name, a record
    that was merged into another, and without a reason.
    """
    reason = _given(reason)
    if unknown := sorted(set(changes) - set(DESCRIBED)):
        raise Impossible(_("This cannot be changed here: %s.") % ", ".join(unknown))
    organisation: Organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    if organisation.merged_into_id:
        raise Impossible(_("This record was merged into another; change that one."))
    for name, text in changes.items():
        setattr(organisation, name, text.strip())
    try:
        organisation.prepare()
        organisation.full_clean(validate_unique=False)
    except ValidationError as error:
        raise Impossible(" ".join(error.messages)) from error
    organisation.save()
    return organisation


@action(OFFICER, title=gettext_lazy("Merge two organisations"), changes=("register.organisation", "kept_id"))
def merge_organisations(*, actor: Actor, at: dt.datetime, kept_id: int, absorbed_id: int, reason: str) -> Merge:
    """Make one body of two records: names, ties, identifiers, citations and all else pass to the one that is kept.

    The absorbed record's address leads to the kept one. Raises `Impossible` where the two are one already, where one
    was merged before, where the reason is missing, or where a body would become part of itself.
    """
    if kept_id == absorbed_id:
        raise Impossible(_("A record cannot be merged into itself; choose two."))
    reason = _given(reason)
    both = Organisation.objects.select_for_update().in_bulk([kept_id, absorbed_id])
    if len(both) < 2:
        raise Impossible(_("One of the two records is not there any more; reload the page."))
    kept, absorbed = both[kept_id], both[absorbed_id]
    if kept.merged_into_id or absorbed.merged_into_id:
        raise Impossible(_("One of the two records was merged into another before; undo that merge first."))
    log = _join(kept, absorbed)
    return Merge.objects.create(kept=kept, absorbed=absorbed, reason=reason, moved=log, merged_at=at)


def _join(kept: Organisation, absorbed: Organisation) -> Log:
    log = move_all(absorbed, kept)
    for name in _TAKEN_OVER:
        if getattr(kept, name) in ("", None) and getattr(absorbed, name) not in ("", None):
            record_set(log, kept, name, getattr(absorbed, name))
    kept.save()
    absorbed.merged_into = kept
    absorbed.save()
    settle_pair(log, kept, absorbed)
    _refuse_circles(kept)
    return log


def _refuse_circles(organisation: Organisation) -> None:
    for tie in Tie.objects.filter(kind__in=HIERARCHY, subject=organisation):
        if closes_circle(tie.subject_id, tie.object_id, tie.kind):
            raise Impossible(
                _("“%(one)s” would then stand above itself through “%(other)s”; remove one of those ties first.")
                % {"one": organisation, "other": tie.object}
            )


@action(OFFICER, title=gettext_lazy("Undo a merge"))
def undo_merge(*, actor: Actor, at: dt.datetime, merge_id: int, reason: str) -> Merge:
    """Make two records again of a merged one: all that had passed from one to the other goes back.

    What was added since stays with the kept record. Raises `Impossible` where the merge is undone already, where a
    later merge builds on it, or where later changes stand in the way.
    """
    _given(reason)
    merge: Merge = Merge.objects.select_for_update().select_related("kept", "absorbed").get(pk=merge_id)
    if merge.undone_at:
        raise Impossible(_("This merge is undone already."))
    _refuse_later(merge)
    absorbed = merge.absorbed
    absorbed.merged_into = None
    absorbed.save()
    try:
        with transaction.atomic():
            undo_all(merge.moved)
            # Now rather than at the end, so that a row whose other end is gone is told here.
            connection.check_constraints()
    except IntegrityError as error:
        raise Impossible(
            _("Something added since stands in the way: it is what the other record had. Remove it, then undo.")
        ) from error
    merge.undone_at = at
    merge.save()
    return merge


def _refuse_later(merge: Merge) -> None:
    ids = [merge.kept_id, merge.absorbed_id]
    since = Merge.objects.filter(undone_at=None, pk__gt=merge.pk)
    later = (since.filter(kept__in=ids) | since.filter(absorbed__in=ids)).order_by("-pk").first()
    if later is not None:
        raise Impossible(
            _("“%(absorbed)s” was merged into “%(kept)s” later on; undo that merge first.")
            % {"absorbed": later.absorbed, "kept": later.kept}
        )


@action(OFFICER, title=gettext_lazy("Decide on records that look alike"))
def decide_lookalike(*, actor: Actor, at: dt.datetime, lookalike_id: int, decision: str, reason: str) -> Lookalike:
    """Say whether an incoming record is the `same` body as the one here, which merges it, or a `different` one.

    Raises `Impossible` for another word, or where the pair is decided.
    """
    lookalike: Lookalike = Lookalike.objects.select_for_update().get(pk=lookalike_id)
    if decision not in ("same", "different"):
        raise Impossible(_("Say “same” or “different”."))
    if lookalike.decision:
        raise Impossible(_("This pair is decided already; to part two merged records, undo their merge."))
    if decision == "same":
        pair: dict[str, Any] = {"kept_id": lookalike.organisation_id, "absorbed_id": lookalike.incoming_id}
        merge_organisations(actor=actor, at=at, reason=reason, **pair)
        lookalike.refresh_from_db()
    lookalike.decision, lookalike.decided_at = decision, at
    lookalike.save()
    return lookalike


def _given(reason: str) -> str:
    if not reason.strip():
        raise Impossible(_("Give the reason: it stands in the history of both records."))
    return reason.strip()
