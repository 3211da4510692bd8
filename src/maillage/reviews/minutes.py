"""The minutes of a panel as a PDF with numbered pages, in the active language, told from the history."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.calls.models import Call
from maillage.core import formats
from maillage.core.history import known_at
from maillage.core.pdf import render_pdf
from maillage.core.security.session_scope import read_everything
from maillage.core.text import label_and_value
from maillage.register.models import Organisation
from maillage.reviews.models import Conflict, Decision, Minutes, Reviewer
from maillage.reviews.ranking import RankingRow, call_ranking, outcome_cutoffs, ranking_moves
from maillage.reviews.ranking_method import ranking_method

_NONE = "—"


def render_minutes_pdf(minutes: Minutes) -> bytes:
    """The PDF of minutes: everything in it but who was present is as it was known at their moment."""
    return render_pdf("maillage.reviews", "minutes.typ", minutes_content(minutes))


def minutes_content(minutes: Minutes) -> dict[str, Any]:
    """What stands on paper, as it was known at the moment of the minutes."""
    with read_everything(), known_at(minutes.at):
        return _content(minutes, Call.objects.get(pk=minutes.call_id))


def _content(minutes: Minutes, call: Call) -> dict[str, Any]:
    lines, last = call_ranking(call), call.last
    made = _("Made on %(moment)s by %(who)s, from what was on record at that moment.")
    return {
        "language": formats.language(),
        "title": _("Minutes of the panel"),
        "call": str(call),
        "about": _("Version %s of the call") % last.version,
        "made": made % {"moment": formats.moment(minutes.at), "who": minutes.by},
        "lists": [
            {"title": _("Who decides, who runs the call"), "rows": _authority_lines(call)},
            {"title": _("Reviewers"), "rows": _reviewer_names(call)},
            {"title": _("Present"), "rows": minutes.present},
            {"title": _("Conflicts of interest: who left for which dossier"), "rows": list(_conflict_lines(call))},
            {"title": _("Method"), "rows": ranking_method(call)},
        ],
        "ranking": {
            "title": _("The ranking"),
            "heads": [_("Place"), _("Dossier"), _("Led by"), _("Reviews"), _("Raw"), _("Normalised"),
                      _("Rank by marks"), _("Proposed")],
            "rows": list(_ranking_rows(call, lines)),
        },
        "after": [
            {"title": _("Moves by the panel"), "rows": list(_move_lines(call))},
            {"title": _("Ties that remain"), "rows": list(_tie_lines(lines))},
            {"title": _("Where reviewers disagree"), "rows": list(_dispute_lines(lines))},
            {"title": _("Numbers"), "rows": list(_outcome_lines(call))},
        ],
        "none": _("None."),
    }  # fmt: skip


def _authority_lines(call: Call) -> list[str]:
    says = call.last.says.authority
    names = {one.key: str(one) for one in Organisation.objects.filter(key__in=(says.decides, says.proposes, says.runs))}
    told = ((_("Decides"), says.decides), (_("Proposes"), says.proposes), (_("Runs the call"), says.runs))
    return [label_and_value(word, names.get(key, key)) for word, key in told]


def _reviewer_names(call: Call) -> list[str]:
    found = Reviewer.objects.filter(call=call).select_related("person", "employer").order_by("person__name")
    return [f"{one.person.name} ({one.employer})" if one.employer else one.person.name for one in found]


def _conflict_lines(call: Call) -> Iterator[str]:
    """Each reviewer with the dossiers from which a conflict kept them, and why."""
    held: defaultdict[str, list[str]] = defaultdict(list)
    found = Conflict.objects.filter(reviewer__call=call).select_related("reviewer__person", "application")
    for one in found.order_by("reviewer__person__name", "application__title", "pk"):
        why = ", ".join(filter(None, (str(one.get_reason_display()), one.evidence)))
        held[one.reviewer.person.name].append(f"{one.application.title} ({why})")
    for name, applications in held.items():
        yield _("%(name)s left for: %(dossiers)s") % {"name": name, "dossiers": "; ".join(applications)}


def _ranking_rows(call: Call, lines: list[RankingRow]) -> Iterator[list[str]]:
    """The table; a row of one cell is a line drawn under an outcome's number."""
    titles = {one.key: str(one.title) for one in call.last.says.outcomes}
    proposed = dict(Decision.objects.filter(application__version__call=call).values_list("application_id", "outcome"))
    ends = {after: outcome for outcome, after in outcome_cutoffs(call.last.says)}
    for line in lines:
        outcome = titles.get(proposed.get(line.application.pk, ""), "")
        yield [place_text(line), line.application.title, line.lead, str(line.reviews), _format_mean(line.raw),
               _format_mean(line.normalised), str(line.rank or _NONE), outcome]  # fmt: skip
        if line.position in ends:
            yield [cutoff_text(str(ends[line.position].title), line.position)]


def place_text(line: RankingRow) -> str:
    """Where a dossier stands: its place, or those it shares in a tie."""
    if line.tied:
        return f"{line.tied[0]}–{line.tied[1]}"
    return str(line.position)


def cutoff_text(outcome: str, after: int) -> str:
    """What the line under an outcome's number says."""
    told = ngettext(
        "“%(outcome)s” ends here, after %(after)d place", "“%(outcome)s” ends here, after %(after)d places", after
    )
    return told % {"outcome": outcome, "after": after}


def _format_mean(value: Any) -> str:
    return formats.number(value, places=2) if value is not None else _NONE


def _move_lines(call: Call) -> Iterator[str]:
    told = _("%(moment)s, %(who)s: “%(title)s” from place %(was)s to %(place)s. %(reason)s")
    stays = _("%(moment)s, %(who)s: “%(title)s” stays in place %(place)s, which breaks its tie. %(reason)s")
    for one in ranking_moves(call):
        words = stays if one.was == one.place else told
        yield words % {"moment": formats.moment(one.at), "who": one.by or _NONE, "title": one.application.title,
                       "was": one.was or _NONE, "place": one.place, "reason": one.reason}  # fmt: skip


def _tie_lines(lines: list[RankingRow]) -> Iterator[str]:
    shared: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for line in lines:
        if line.tied:
            shared[line.tied].append(line.application.title)
    for (first, last), titles in shared.items():
        yield _("Places %(first)d to %(last)d: %(titles)s") % {"first": first, "last": last,
                                                               "titles": "; ".join(titles)}  # fmt: skip


def _dispute_lines(lines: list[RankingRow]) -> Iterator[str]:
    for line in lines:
        if line.disputed:
            yield _("%(title)s: marks from %(lowest)s to %(highest)s") % {
                "title": line.application.title, "lowest": _format_mean(line.lowest), "highest": _format_mean(line.highest)
            }  # fmt: skip


def _outcome_lines(call: Call) -> Iterator[str]:
    """How many of each outcome are proposed, and how many there may be."""
    standing = Decision.objects.filter(application__version__call=call, application__withdrawn_at=None)
    held = list(standing.values_list("outcome", flat=True))
    for one in call.last.says.outcomes:
        number = held.count(one.key)
        if one.most:
            yield _("%(title)s: %(number)d proposed, of %(most)d at most") % {
                "title": one.title, "number": number, "most": one.most
            }  # fmt: skip
        else:
            yield _("%(title)s: %(number)d proposed") % {"title": one.title, "number": number}
