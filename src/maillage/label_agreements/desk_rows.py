"""What waits on the desk: agreements to write, and to sign once nothing is missing."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from maillage.calls.models import PartyRole
from maillage.calls.queries import WRITER_ROLES
from maillage.core.actors import LABEL_OFFICER, MANAGER
from maillage.desk.providers import DeskKind, DeskReader, DeskRow, desk_rows
from maillage.label_agreements.completeness import agreement_digest, missing_items, unsigned_organisations
from maillage.label_agreements.models import LabelAgreement, LabelAgreementParty, LabelAgreementVersion

_WRITERS = frozenset({*WRITER_ROLES, LABEL_OFFICER})
_WRITING_PARTS = (PartyRole.LEAD, PartyRole.OFFICE)
_RELATED = ("agreement__award__label__managed_by", "agreement__award__label__authority", "agreement__award__holder")
_PARTS = ("clauses", "signatures", "entities__organisation", "entities__host", "agreement__parties__organisation")


@desk_rows(
    DeskKind("agreement", gettext_lazy("Label agreement"), "pen"),
    DeskKind("agreement-signature", gettext_lazy("Signature of a label agreement"), "sign"),
)
def draft_agreements(reader: DeskReader) -> Iterator[DeskRow]:
    """Drafts of label agreements: the lead and who runs the label write them; whoever has not signed is waited for."""
    if not reader.has_any(*_WRITERS):
        return
    waits = reader.waits_in("organisation", *_WRITERS) | reader.waits_in("organisation", MANAGER, LABEL_OFFICER)
    parties = LabelAgreementParty.objects.filter(waits).values("agreement")
    visible = LabelAgreement.objects.visible_to(reader.actor).filter(pk__in=parties)
    drafts = LabelAgreementVersion.objects.filter(in_force_at=None, agreement__in=visible)
    whole = drafts.select_related("agreement__terms", *_RELATED).prefetch_related(*_PARTS)
    for version in reader.first(whole.order_by("begun_at", "pk"), "agreement", "agreement-signature"):
        yield from _rows_of_draft(version)


def _rows_of_draft(version: LabelAgreementVersion) -> Iterator[DeskRow]:
    if missing := len(missing_items(version)):
        about = ngettext("%d thing is to be written", "%d things are to be written", missing) % missing
        writing = (party.organisation_id for party in version.agreement.parties.all() if party.part in _WRITING_PARTS)
        yield _row("agreement", version, tuple(writing), _WRITERS, about, pgettext("act on the desk", "Write"))
        return
    signers = tuple(organisation.pk for organisation in unsigned_organisations(version, agreement_digest(version)))
    roles = frozenset({MANAGER, LABEL_OFFICER})
    yield _row("agreement-signature", version, signers, roles, _("Agreement to sign"), _("Read and sign"))


def _row(
    kind: str,
    version: LabelAgreementVersion,
    organisation_ids: tuple[int, ...],
    roles: frozenset[str],
    about: str,
    act: str,
) -> DeskRow:
    return DeskRow(
        kind=kind,
        number=version.pk,
        title=str(version.agreement),
        url=version.agreement.get_absolute_url(),
        act=act,
        roles=roles,
        organisation_ids=organisation_ids,
        about=about,
        since=version.begun_at,
    )
