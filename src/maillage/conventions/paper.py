"""A version of a convention on paper: a PDF with numbered pages, in the language of who prints it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from maillage.calls.document import Heading, HeadingKind
from maillage.conventions.headings import question_of
from maillage.conventions.models import Clause, ConventionVersion
from maillage.conventions.queries import cell_words, clause_words, clauses_of, perimeter_of, share_words, signers_of
from maillage.conventions.signing import digest_of
from maillage.kernel import wording
from maillage.kernel.paper import pdf


def paper_of(version: ConventionVersion) -> bytes:
    """The PDF of a version as it reads now, in the active language."""
    return pdf("maillage.conventions", "paper.typ", _content(version))


def _content(version: ConventionVersion) -> dict[str, Any]:
    """What stands on paper; the template sets it, and treats no text as markup."""
    convention, clauses = version.convention, clauses_of(version)
    since = wording.moment(timezone.localtime(version.in_force_at)) if version.in_force_at else ""
    return {
        "language": wording.language(),
        "title": _("Convention"),
        "award": str(convention.award),
        "version": _("Version %d") % version.number,
        "reason": version.reason,
        "state": _("In force since %s") % since if since else _("Not in force: a draft"),
        "digest": f"SHA-256 {version.digest or digest_of(version)}",
        "headings": [_heading(one, clauses.get(one.key), version) for one in convention.says.convention],
        "signed": [_("Signatures"), *_signatures(version)],
    }


def _heading(heading: Heading, clause: Clause | None, version: ConventionVersion) -> dict[str, Any]:
    if heading.kind is HeadingKind.PERIMETER:
        return {"title": str(heading.title), "text": "", **_perimeter(version)}
    if heading.kind is HeadingKind.OBJECTIVES and clause and clause.value:
        columns = question_of(heading).columns
        rows = [[cell_words(column, row.get(column.key, "")) for column in columns] for row in clause.value]
        return {"title": str(heading.title), "text": "", "heads": [str(one.title) for one in columns], "rows": rows}
    return {"title": str(heading.title), "text": clause_words(heading, clause) or "—", "heads": [], "rows": []}


def _perimeter(version: ConventionVersion) -> dict[str, Any]:
    rows = [
        [str(one.organisation), str(one.host or "—"), share_words(one.share),
         *(wording.day(day) if day else "" for day in (one.since, one.until))]
        for one in perimeter_of(version)
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


def _signatures(version: ConventionVersion) -> list[str]:
    """A line for each body that signs, with the moment at which it signed what stands here."""
    digest = version.digest or digest_of(version)
    signed = dict(version.signatures.filter(digest=digest).values_list("organisation_id", "signed_at"))
    return [
        _("%(body)s: signed on %(moment)s") % {"body": one, "moment": wording.moment(signed[one.pk])}
        if one.pk in signed else _("%s: not signed") % one
        for one in signers_of(version)
    ]  # fmt: skip
