"""The minutes of a panel as a PDF with numbered pages, in the active language, told from the history."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.calls.models import Call
from maillage.kernel import wording
from maillage.kernel.history import known_at
from maillage.kernel.paper import pdf
from maillage.kernel.scope import everything
from maillage.kernel.text import pair
from maillage.register.models import Organisation
from maillage.reviews.method import method_of
from maillage.reviews.models import Conflict, Decision, Minutes, Reviewer
from maillage.reviews.ordering import moves_of
from maillage.reviews.standing import Line, cuts, standings

_NONE = "—"


def minutes_pdf(minutes: Minutes) -> bytes:
    """The PDF of minutes: everything in it but who was present is as it was known at their moment."""
    return pdf("maillage.reviews", "minutes.typ", content_of(minutes))


def content_of(minutes: Minutes) -> dict[str, Any]:
    """What stands on paper, as it was known at the moment of the minutes."""
    with everything(), known_at(minutes.at):
        return _content(minutes, Call.objects.get(pk=minutes.call_id))


def _content(minutes: Minutes, call: Call) -> dict[str, Any]:
    lines, last = standings(call), call.last
    made = _("Made on %(moment)s by %(who)s, from what was on record at that moment.")
    return {
        "language": wording.language(),
        "title": _("Minutes of the panel"),
        "call": str(call),
        "about": _("Version %s of the call") % last.version,
        "made": made % {"moment": wording.moment(minutes.at), "who": minutes.by},
        "lists": [
            {"title": _("Who decides, who runs the call"), "rows": _authorities(call)},
            {"title": _("Reviewers"), "rows": _reviewers(call)},
            {"title": _("Present"), "rows": minutes.present},
            {"title": _("Conflicts of interest: who left for which dossier"), "rows": list(_left(call))},
            {"title": _("Method"), "rows": method_of(call)},
        ],
        "ranking": {
            "title": _("The ranking"),
            "heads": [_("Place"), _("Dossier"), _("Led by"), _("Reviews"), _("Raw"), _("Normalised"),
                      _("Rank by marks"), _("Proposed")],
            "rows": list(_rows(call, lines)),
        },
        "after": [
            {"title": _("Moves by the panel"), "rows": list(_moves(call))},
            {"title": _("Ties that remain"), "rows": list(_ties(lines))},
            {"title": _("Where reviewers disagree"), "rows": list(_disputes(lines))},
            {"title": _("Numbers"), "rows": list(_numbers(call))},
        ],
        "none": _("None."),
    }  # fmt: skip


def _authorities(call: Call) -> list[str]:
    says = call.last.says.authority
    names = {one.key: str(one) for one in Organisation.objects.filter(key__in=(says.decides, says.proposes, says.runs))}
    told = ((_("Decides"), says.decides), (_("Proposes"), says.proposes), (_("Runs the call"), says.runs))
    return [pair(word, names.get(key, key)) for word, key in told]


def _reviewers(call: Call) -> list[str]:
    found = Reviewer.objects.filter(call=call).select_related("person", "employer").order_by("person__name")
    return [f"{one.person.name} ({one.employer})" if one.employer else one.person.name for one in found]


def _left(call: Call) -> Iterator[str]:
    """Each reviewer with the dossiers from which a conflict kept them, and why."""
    held: defaultdict[str, list[str]] = defaultdict(list)
    found = Conflict.objects.filter(reviewer__call=call).select_related("reviewer__person", "dossier")
    for one in found.order_by("reviewer__person__name", "dossier__title", "pk"):
        why = ", ".join(filter(None, (str(one.get_reason_display()), one.evidence)))
        held[one.reviewer.person.name].append(f"{one.dossier.title} ({why})")
    for name, dossiers in held.items():
        yield _("%(name)s left for: %(dossiers)s") % {"name": name, "dossiers": "; ".join(dossiers)}


def _rows(call: Call, lines: list[Line]) -> Iterator[list[str]]:
    """The table; a row of one cell is a line drawn under an outcome's number."""
    titles = {one.key: str(one.title) for one in call.last.says.outcomes}
    proposed = dict(Decision.objects.filter(dossier__version__call=call).values_list("dossier_id", "outcome"))
    ends = {after: outcome for outcome, after in cuts(call.last.says)}
    for line in lines:
        outcome = titles.get(proposed.get(line.dossier.pk, ""), "")
        yield [place_words(line), line.dossier.title, line.lead, str(line.reviews), _mean(line.raw),
               _mean(line.normalised), str(line.rank or _NONE), outcome]  # fmt: skip
        if line.position in ends:
            yield [cut_words(str(ends[line.position].title), line.position)]


def place_words(line: Line) -> str:
    """Where a dossier stands: its place, or those it shares in a tie."""
    if line.tied:
        return f"{line.tied[0]}–{line.tied[1]}"
    return str(line.position)


def cut_words(outcome: str, after: int) -> str:
    """What the line under an outcome's number says."""
    told = ngettext(
        "“%(outcome)s” ends here, after %(after)d place", "“%(outcome)s” ends here, after %(after)d places", after
    )
    return told % {"outcome": outcome, "after": after}


def _mean(value: Any) -> str:
    return wording.number(value, places=2) if value is not None else _NONE


def _moves(call: Call) -> Iterator[str]:
    told = _("%(moment)s, %(who)s: “%(title)s” from place %(was)s to %(place)s. %(reason)s")
    stays = _("%(moment)s, %(who)s: “%(title)s” stays in place %(place)s, which breaks its tie. %(reason)s")
    for one in moves_of(call):
        words = stays if one.was == one.place else told
        yield words % {"moment": wording.moment(one.at), "who": one.by or _NONE, "title": one.dossier.title,
                       "was": one.was or _NONE, "place": one.place, "reason": one.reason}  # fmt: skip


def _ties(lines: list[Line]) -> Iterator[str]:
    shared: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for line in lines:
        if line.tied:
            shared[line.tied].append(line.dossier.title)
    for (first, last), titles in shared.items():
        yield _("Places %(first)d to %(last)d: %(titles)s") % {"first": first, "last": last,
                                                               "titles": "; ".join(titles)}  # fmt: skip


def _disputes(lines: list[Line]) -> Iterator[str]:
    for line in lines:
        if line.disputed:
            yield _("%(title)s: marks from %(lowest)s to %(highest)s") % {
                "title": line.dossier.title, "lowest": _mean(line.lowest), "highest": _mean(line.highest)
            }  # fmt: skip


def _numbers(call: Call) -> Iterator[str]:
    """How many of each outcome are proposed, and how many there may be."""
    standing = Decision.objects.filter(dossier__version__call=call, dossier__withdrawn_at=None)
    held = list(standing.values_list("outcome", flat=True))
    for one in call.last.says.outcomes:
        number = held.count(one.key)
        if one.most:
            yield _("%(title)s: %(number)d proposed, of %(most)d at most") % {
                "title": one.title, "number": number, "most": one.most
            }  # fmt: skip
        else:
            yield _("%(title)s: %(number)d proposed") % {"title": one.title, "number": number}
