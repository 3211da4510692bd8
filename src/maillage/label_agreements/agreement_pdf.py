"""A version of a convention on paper: a PDF with numbered pages, in the language of who prints it."""

from typing import Any

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


def render_agreement_pdf(version: LabelAgreementVersion) -> bytes:
    """The PDF of a version as it reads now, in the active language."""
    return render_pdf("maillage.label_agreements", "paper.typ", _content(version))


def _content(version: LabelAgreementVersion) -> dict[str, Any]:
    """What stands on paper; the template sets it, and treats no text as markup."""
    agreement, clauses = version.agreement, clauses_by_heading(version)
    since = formats.moment(timezone.localtime(version.in_force_at)) if version.in_force_at else ""
    return {
        "language": formats.language(),
        "title": _("Convention"),
        "award": str(agreement.award),
        "version": _("Version %d") % version.number,
        "reason": version.reason,
        "state": _("In force since %s") % since if since else _("Not in force: a draft"),
        "digest": f"SHA-256 {version.digest or agreement_digest(version)}",
        "headings": [_heading_block(one, clauses.get(one.key), version) for one in agreement.says.agreement],
        "signed": [_("Signatures"), *_signatures(version)],
    }


def _heading_block(heading: AgreementHeading, clause: Clause | None, version: LabelAgreementVersion) -> dict[str, Any]:
    if heading.kind is HeadingKind.PERIMETER:
        return {"title": str(heading.title), "text": "", **_perimeter_table(version)}
    if heading.kind is HeadingKind.OBJECTIVES and clause and clause.value:
        columns = question_for_heading(heading).columns
        rows = [[cell_text(column, row.get(column.key, "")) for column in columns] for row in clause.value]
        return {"title": str(heading.title), "text": "", "heads": [str(one.title) for one in columns], "rows": rows}
    return {"title": str(heading.title), "text": clause_text(heading, clause) or "—", "heads": [], "rows": []}


def _perimeter_table(version: LabelAgreementVersion) -> dict[str, Any]:
    rows = [
        [str(one.organisation), str(one.host or "—"), share_text(one.share),
         *(formats.day(day) if day else "" for day in (one.since, one.until))]
        for one in perimeter_entities(version)
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
    """A line for each body that signs, with the moment at which it signed what stands here."""
    digest = version.digest or agreement_digest(version)
    signed = dict(version.signatures.filter(digest=digest).values_list("organisation_id", "signed_at"))
    return [
        _("%(body)s: signed on %(moment)s") % {"body": one, "moment": formats.moment(signed[one.pk])}
        if one.pk in signed else _("%s: not signed") % one
        for one in required_signers(version)
    ]  # fmt: skip
