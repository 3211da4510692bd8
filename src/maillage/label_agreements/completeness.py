"""What a version lacks before it can be signed or come into force."""

from django.utils.translation import gettext as _

from maillage.calls.call_document import HeadingKind
from maillage.core.lookups import loaded_rows
from maillage.core.text import fingerprint
from maillage.label_agreements.models import LabelAgreementVersion
from maillage.label_agreements.queries import clauses_by_heading, perimeter_entities, required_signers
from maillage.register.models import Organisation


def agreement_digest(version: LabelAgreementVersion) -> str:
    """SHA-256 (hexadecimal) of the content of a version: its award, headings, clauses and entities.

    It is taken over JSON with sorted keys, so that anyone who has the same data gets the same digest.
    """
    agreement, award = version.agreement, version.agreement.award
    entities = [
        (entity.organisation.key, entity.host.key if entity.host else None, entity.share, entity.since, entity.until)
        for entity in perimeter_entities(version)
    ]
    content = {
        "award": [award.label.key, award.holder.key if award.holder else "", award.period_start],
        "terms": agreement.terms_id,
        "version": version.number,
        "reason": version.reason,
        "clauses": {
            key: clause.value for key, clause in clauses_by_heading(version).items() if clause.value is not None
        },
        "entities": sorted([str(part) if part is not None else "" for part in entity] for entity in entities),
    }
    return fingerprint(content)


def missing_items(version: LabelAgreementVersion) -> list[str]:
    """What must be written or confirmed before anybody signs, in words."""
    written = {key for key, clause in clauses_by_heading(version).items() if clause.value is not None}
    entities = perimeter_entities(version)
    unwritten = [
        str(heading.title)
        for heading in version.agreement.call_document.agreement
        if heading.required and not (entities if heading.kind is HeadingKind.PERIMETER else heading.key in written)
    ]
    unconfirmed = [entity.organisation.short_name for entity in entities if not entity.confirmed]
    return unwritten + [_("%s, to be confirmed") % name for name in unconfirmed]


def unsigned_organisations(version: LabelAgreementVersion, digest: str) -> list[Organisation]:
    """The organisations that must sign the present text of a version and have not."""
    signed = {one.organisation_id for one in loaded_rows(version, "signatures") if one.digest == digest}
    return [signer for signer in required_signers(version) if signer.pk not in signed]
