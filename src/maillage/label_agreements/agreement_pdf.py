"""A version of a label agreement as a PDF with numbered pages, in the active language."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from maillage.calls.call_document import AgreementHeading, HeadingKind
from maillage.core import formats
from maillage.core.pdf import render_pdf
from maillage.label_agreements.completeness import agreement_digest
from maillage.label_agreements.headings import question_for_heading
from maillage.label_agreements.models import Clause, LabelAgreementVersion
from maillage.label_agreements.queries import (
    cell_text,
    clause_text,
    clauses_by_heading,
    perimeter_entities,
    required_signers,
    share_text,
)
from maillage.register.models import Organisation


def render_agreement_pdf(version: LabelAgreementVersion) -> bytes:
    """The PDF of a version in its present state, in the active language."""
    return render_pdf("maillage.label_agreements", "paper.typ", _content(version))


def _content(version: LabelAgreementVersion) -> dict[str, object]:
    """The values for the template, which treats no text as markup."""
    agreement, clauses = version.agreement, clauses_by_heading(version)
    since = formats.moment(timezone.localtime(version.in_force_at)) if version.in_force_at else ""
    return {
        "language": formats.language(),
        "title": _("Label agreement"),
        "award": str(agreement.award),
        "version": _("Version %d") % version.number,
        "reason": version.reason,
        "state": _("In force since %s") % since if since else _("Not in force: a draft"),
        "digest": f"SHA-256 {version.digest or agreement_digest(version)}",
        "headings": [
            _heading_block(heading, clauses.get(heading.key), version) for heading in agreement.call_document.agreement
        ],
        "signed": [_("Signatures"), *_signatures(version)],
    }


def _heading_block(
    heading: AgreementHeading, clause: Clause | None, version: LabelAgreementVersion
) -> dict[str, object]:
    if heading.kind is HeadingKind.PERIMETER:
        return {"title": str(heading.title), "text": "", **_perimeter_table(version)}
    if heading.kind is HeadingKind.OBJECTIVES and clause and clause.value:
        columns = question_for_heading(heading).columns
        rows = [[cell_text(column, row.get(column.key, "")) for column in columns] for row in clause.value]
        return {
            "title": str(heading.title),
            "text": "",
            "heads": [str(column.title) for column in columns],
            "rows": rows,
        }
    return {"title": str(heading.title), "text": clause_text(heading, clause) or "—", "heads": [], "rows": []}


def _perimeter_table(version: LabelAgreementVersion) -> dict[str, object]:
    rows = [
        [str(entity.organisation), str(entity.host or "—"), share_text(entity.share),
         *(formats.day(day) if day else "" for day in (entity.since, entity.until))]
        for entity in perimeter_entities(version)
    ]  # fmt: skip
    return {
        "heads": [
            _("Entity"),
            _("Host establishment"),
            _("Share"),
            pgettext("first day", "From"),
            pgettext("last day", "To"),
        ],
        "rows": rows,
    }


def _signatures(version: LabelAgreementVersion) -> list[str]:
    """A line for each organisation that signs, with the moment at which it signed the present text."""
    digest = version.digest or agreement_digest(version)
    signed = dict(version.signatures.filter(digest=digest).values_list("organisation_id", "signed_at"))
    return [_signature_line(signer, signed.get(signer.pk)) for signer in required_signers(version)]


def _signature_line(signer: Organisation, signed_at: dt.datetime | None) -> str:
    if signed_at is None:
        return _("%s: not signed") % signer
    return _("%(organisation)s: signed on %(moment)s") % {"organisation": signer, "moment": formats.moment(signed_at)}
