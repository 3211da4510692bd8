"""The organisations that a label agreement concerns."""

from django.db.models import Q, QuerySet

from maillage.calls.models import Application, ApplicationParty, PartyRole
from maillage.files.attachments import share_files, unshare_files
from maillage.label_agreements.models import LabelAgreement, PerimeterEntity
from maillage.label_agreements.queries import agreement_organisations
from maillage.register.models import Organisation


def update_host_parties(agreement: LabelAgreement) -> None:
    """Make the hosts of the entities of all versions parties; a host named by mistake is a party no longer."""
    named = set(
        PerimeterEntity.objects.filter(version__agreement=agreement).exclude(host=None).values_list("host", flat=True)
    )
    parties = set(agreement_organisations(agreement_id=agreement.pk))
    gone = agreement.parties.filter(part=PartyRole.HOST).exclude(organisation__in=named)
    gone = gone.exclude(organisation__in=_application_organisations(agreement))
    left = list(gone.values_list("organisation_id", flat=True))
    gone.delete()
    for organisation_id in sorted(named - parties):
        agreement.parties.create(organisation_id=organisation_id, part=PartyRole.HOST)
    unshare_files(LabelAgreement.kind_name(), agreement.pk, left)
    share_files(LabelAgreement.kind_name(), agreement.pk, named)


def _application_organisations(agreement: LabelAgreement) -> QuerySet[Organisation]:
    """The organisations of the application, found by call and holder.

    The decision does not lead to it: after an upheld appeal, it has another award.
    """
    award = agreement.award
    led = Q(parties__part=PartyRole.LEAD, parties__organisation=award.holder_id)
    mine = Application.objects.filter(
        led if award.holder_id else Q(title=award.holder_text), version__call=agreement.terms.call_id
    )
    return Organisation.objects.filter(
        pk__in=ApplicationParty.objects.filter(application__in=mine).values("organisation")
    )
