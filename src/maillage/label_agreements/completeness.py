"""Completeness."""

from django.utils.translation import gettext as _

from maillage.calls.call_document import HeadingKind
from maillage.core.text import fingerprint
from maillage.label_agreements.models import LabelAgreementVersion
from maillage.label_agreements.queries import clauses_by_heading, required_signers
from maillage.register.models import Organisation


def agreement_digest(version: LabelAgreementVersion) -> str:
    """SHA-256 (hexadecimal) of all that a version says: its award, headings, clauses and entities.

    It is taken over JSON with sorted keys, so that anyone who has the same data finds the same digest.
    """
    agreement, award = version.agreement, version.agreement.award
    entities = version.entities.values_list("organisation__key", "host__key", "share", "since", "until")
    content = {
        "award": [award.label.key, award.holder.key if award.holder else "", award.period_start],
        "terms": agreement.terms_id,
        "version": version.number,
        "reason": version.reason,
        "clauses": {key: one.value for key, one in clauses_by_heading(version).items() if one.value is not None},
        "entities": sorted([str(part) if part is not None else "" for part in one] for one in entities),
    }
    return fingerprint(content)


def missing_items(version: LabelAgreementVersion) -> list[str]:
    """What must be written or confirmed before anybody signs, in words."""
    given = {key for key, one in clauses_by_heading(version).items() if one.value is not None}
    entities = list(version.entities.select_related("organisation").order_by("organisation__sort_name"))
    return [
        str(one.title) for one in version.agreement.says.agreement
        if one.required and not (entities if one.kind is HeadingKind.PERIMETER else one.key in given)
    ] + [_("%s, to be confirmed") % one.organisation.short_name for one in entities if not one.confirmed]  # fmt: skip


def unsigned_organisations(version: LabelAgreementVersion, digest: str) -> list[Organisation]:
    """The bodies that must sign a version as it reads and have not."""
    signed = set(version.signatures.filter(digest=digest).values_list("organisation_id", flat=True))
    return [one for one in required_signers(version) if one.pk not in signed]
