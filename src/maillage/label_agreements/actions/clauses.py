"""The clauses of a version, heading by heading."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.call_document import AgreementHeading, HeadingKind
from maillage.calls.field_types import clean_reply
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import Actor
from maillage.core.json_types import Json
from maillage.core.security.visibility import Visibility
from maillage.files.attachments import share_files, store_file
from maillage.files.uploads import MEGABYTE, IncomingFile
from maillage.label_agreements.drafts import EDITOR_ROLES, lock_draft_version, refuse_stale_edition
from maillage.label_agreements.headings import question_for_heading
from maillage.label_agreements.models import Clause, LabelAgreement, LabelAgreementVersion
from maillage.label_agreements.queries import agreement_organisations


@action(*EDITOR_ROLES, title=gettext_lazy("Write a clause of a label agreement"), concerns=agreement_organisations)
def write_clause(
    *, actor: Actor, at: dt.datetime, agreement_id: int, version: int, heading: str, value: Json, base: int = 0
) -> Clause:
    """Write the clause of a heading, replacing the edition that was read (`base`, 0 for none).

    Raises `StaleRecordError` where somebody has written there since, `ActionError` for a value that the heading does
    not take.
    """
    draft = lock_draft_version(agreement_id, version)
    question = question_for_heading(_get_heading(draft, heading))
    existing = draft.clauses.filter(heading=heading).first()
    value = clean_reply(question, value)
    if existing and existing.value == value:
        return existing
    refuse_stale_edition(existing.edition if existing else 0, base)
    return _save_clause(draft, heading, value, actor=actor, at=at)


def _get_heading(draft: LabelAgreementVersion, key: str, kind: HeadingKind | None = None) -> AgreementHeading:
    heading = draft.agreement.call_document.heading(key)
    if heading is None or heading.kind is HeadingKind.PERIMETER or (kind and heading.kind is not kind):
        raise ActionError(_("The agreement has no such heading; reload the page."))
    return heading


def _save_clause(draft: LabelAgreementVersion, heading: str, value: object, *, actor: Actor, at: dt.datetime) -> Clause:
    last = draft.clauses.filter(heading=heading).values_list("edition", flat=True).first()
    behalf = actor.acting.organisation if actor.acting else ""
    written = {"value": value, "edition": (last or 0) + 1, "by_id": actor.user_id, "on_behalf": behalf, "at": at}
    return Clause.objects.update_or_create(version=draft, heading=heading, defaults=written)[0]


@action(
    *EDITOR_ROLES,
    title=gettext_lazy("Attach a file to a label agreement"),
    concerns=agreement_organisations,
    over_api=False,
)
def attach_clause(
    *, actor: Actor, at: dt.datetime, agreement_id: int, version: int, heading: str, incoming: IncomingFile
) -> Clause:
    """Store the file of a heading; a later file replaces it in the version.

    Raises `ActionError` where the heading takes no file, or for a type or size that is not accepted.
    """
    draft = lock_draft_version(agreement_id, version)
    question = question_for_heading(_get_heading(draft, heading, HeadingKind.ATTACHMENT))
    if incoming.size > question.most * MEGABYTE:
        message = _("“%(title)s” takes a file of %(most)d MB at most.")
        raise ActionError(message % {"title": question.title, "most": question.most})
    organisation_ids = sorted(agreement_organisations(agreement_id=agreement_id))
    record = (LabelAgreement.kind_name(), agreement_id)
    file = store_file(actor=actor, at=at, incoming=incoming, record=record, organisation_id=organisation_ids[0],
                visibility=Visibility.ORGANISATION)  # fmt: skip
    share_files(*record, organisation_ids)
    value = {"file": file.content.digest, "name": file.name, "size": file.content.size}
    return _save_clause(draft, heading, value, actor=actor, at=at)
