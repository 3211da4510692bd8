"""The minutes of a panel session as a PDF with numbered pages, read from the history, in the active language."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

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
    """The PDF of minutes. All but the list of persons present is read as it was at the moment of the minutes."""
    return render_pdf("maillage.reviews", "minutes.typ", minutes_content(minutes))


def minutes_content(minutes: Minutes) -> dict[str, object]:
    """The values for the template of the minutes, as they were at the moment of the minutes."""
    with read_everything(), known_at(minutes.at):
        return _content(minutes, Call.objects.get(pk=minutes.call_id))


def _content(minutes: Minutes, call: Call) -> dict[str, object]:
    lines, last = call_ranking(call), call.last
    made_on = _("Made on %(moment)s by %(who)s, from what was on record at that moment.")
    return {
        "language": formats.language(),
        "title": _("Minutes of the panel"),
        "call": str(call),
        "about": _("Version %s of the call") % last.version,
        "made": made_on % {"moment": formats.moment(minutes.at), "who": minutes.by},
        "lists": [
            {"title": _("Who decides, who runs the call"), "rows": _authority_lines(call)},
            {"title": _("Reviewers"), "rows": _reviewer_names(call)},
            {"title": _("Present"), "rows": minutes.present},
            {
                "title": _("Conflicts of interest: who left the session for which application"),
                "rows": list(_conflict_lines(call)),
            },
            {"title": _("Method"), "rows": ranking_method(call)},
        ],
        "ranking": {
            "title": _("The ranking"),
            "heads": [_("Place"), _("Application"), _("Led by"), _("Reviews"), _("Raw"), _("Normalised"),
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
    document = call.last.document.authority
    names = {
        organisation.key: str(organisation)
        for organisation in Organisation.objects.filter(key__in=(document.decides, document.proposes, document.runs))
    }
    roles = ((_("Decides"), document.decides), (_("Proposes"), document.proposes), (_("Runs the call"), document.runs))
    return [label_and_value(word, names.get(key, key)) for word, key in roles]


def _reviewer_names(call: Call) -> list[str]:
    reviewers = Reviewer.objects.filter(call=call).select_related("person", "employer").order_by("person__name")
    return [
        f"{reviewer.person.name} ({reviewer.employer})" if reviewer.employer else reviewer.person.name
        for reviewer in reviewers
    ]


def _conflict_lines(call: Call) -> Iterator[str]:
    """Each reviewer with the applications from which a conflict kept them, and why."""
    by_reviewer: defaultdict[str, list[str]] = defaultdict(list)
    conflicts = Conflict.objects.filter(reviewer__call=call).select_related("reviewer__person", "application")
    for conflict in conflicts.order_by("reviewer__person__name", "application__title", "pk"):
        why = ", ".join(filter(None, (str(conflict.get_reason_display()), conflict.evidence)))
        by_reviewer[conflict.reviewer.person.name].append(f"{conflict.application.title} ({why})")
    for name, applications in by_reviewer.items():
        listed = formats.join_items(applications)
        yield _("%(name)s left for: %(applications)s") % {"name": name, "applications": listed}


def _ranking_rows(call: Call, lines: list[RankingRow]) -> Iterator[list[str]]:
    """The rows of the ranking; a row of one cell marks where the number of an outcome ends."""
    titles = {outcome.key: str(outcome.title) for outcome in call.last.document.outcomes}
    proposed = dict(Decision.objects.filter(application__version__call=call).values_list("application_id", "outcome"))
    ends = {after: outcome for outcome, after in outcome_cutoffs(call.last.document)}
    for line in lines:
        outcome = titles.get(proposed.get(line.application.pk, ""), "")
        yield [place_text(line), line.application.title, line.lead, str(line.reviews), _format_mean(line.raw),
               _format_mean(line.normalised), str(line.rank or _NONE), outcome]  # fmt: skip
        if line.position in ends:
            yield [cutoff_text(str(ends[line.position].title), line.position)]


def place_text(line: RankingRow) -> str:
    """The position of an application, or the range of positions that it shares in a tie."""
    if line.tied:
        return f"{line.tied[0]}–{line.tied[1]}"
    return str(line.position)


def cutoff_text(outcome: str, after: int) -> str:
    """The text of the line below the last place of an outcome."""
    message = ngettext(
        "“%(outcome)s” ends here, after %(after)d place", "“%(outcome)s” ends here, after %(after)d places", after
    )
    return message % {"outcome": outcome, "after": after}


def _format_mean(value: Decimal | None) -> str:
    return formats.number(value, places=2) if value is not None else _NONE


def _move_lines(call: Call) -> Iterator[str]:
    message = _("%(moment)s, %(who)s: “%(title)s” from place %(was)s to %(place)s. %(reason)s")
    stays = _("%(moment)s, %(who)s: “%(title)s” stays in place %(place)s, which breaks its tie. %(reason)s")
    for move in ranking_moves(call):
        words = stays if move.was == move.place else message
        yield words % {"moment": formats.moment(move.at), "who": move.by or _NONE, "title": move.application.title,
                       "was": move.was or _NONE, "place": move.place, "reason": move.reason}  # fmt: skip


def _tie_lines(lines: list[RankingRow]) -> Iterator[str]:
    shared: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for line in lines:
        if line.tied:
            shared[line.tied].append(line.application.title)
    for (first, last), titles in shared.items():
        yield _("Places %(first)d to %(last)d: %(titles)s") % {"first": first, "last": last,
                                                               "titles": formats.join_items(titles)}  # fmt: skip


def _dispute_lines(lines: list[RankingRow]) -> Iterator[str]:
    for line in lines:
        if line.disputed:
            yield _("%(title)s: marks from %(lowest)s to %(highest)s") % {
                "title": line.application.title,
                "lowest": _format_mean(line.lowest),
                "highest": _format_mean(line.highest),
            }


def _outcome_lines(call: Call) -> Iterator[str]:
    """How many of each outcome are proposed, and the maximum."""
    standing = Decision.objects.filter(application__version__call=call, application__withdrawn_at=None)
    proposed = list(standing.values_list("outcome", flat=True))
    for outcome in call.last.document.outcomes:
        number = proposed.count(outcome.key)
        if outcome.most:
            yield _("%(title)s: %(number)d proposed, of %(most)d at most") % {
                "title": outcome.title, "number": number, "most": outcome.most
            }  # fmt: skip
        else:
            yield _("%(title)s: %(number)d proposed") % {"title": outcome.title, "number": number}
