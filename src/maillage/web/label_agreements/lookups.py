"""The label agreement of a page, and its versions."""

from django.shortcuts import get_object_or_404
from django.utils import timezone

from maillage.core.action_registry import REGISTRY
from maillage.core.request import Request
from maillage.label_agreements.models import LabelAgreement, LabelAgreementVersion
from maillage.label_agreements.queries import agreements


def get_agreement(request: Request, pk: int) -> LabelAgreement:
    """The label agreement with this id. Raises `Http404` where there is none that the reader may see."""
    agreement: LabelAgreement = get_object_or_404(agreements(actor=request.actor), pk=pk)
    return agreement


def get_agreement_version(request: Request, pk: int, number: int) -> LabelAgreementVersion:
    """One version of a label agreement, by its number."""
    agreement = get_agreement(request, pk)
    version: LabelAgreementVersion = get_object_or_404(agreement.versions.all(), number=number)
    version.agreement = agreement
    return version


def get_writable_version(request: Request, pk: int, number: int) -> LabelAgreementVersion:
    """The version, if the reader may write it. Raises `ActionForbiddenError` otherwise."""
    version = get_agreement_version(request, pk, number)
    REGISTRY["label_agreements.write_clause"].check_allowed(request.actor, timezone.now(), {"agreement_id": pk})
    return version
