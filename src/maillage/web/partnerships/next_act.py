"""The next act of those who deal with a need, said in sentences that are written from what is known."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.core import formats
from maillage.partnerships.coverage import CoverageLine
from maillage.partnerships.models import (
    Answer,
    Coverage,
    Message,
    MessageThread,
    Need,
    NeedAddress,
    NeedOutcome,
    TeamReply,
    TeamRequest,
)
from maillage.partnerships.queries import AGREEMENT, consent_day
from maillage.register.models import Organisation
from maillage.register.noun_phrases import say
from maillage.web.partnerships.concept_names import ConceptNames
from maillage.workflow.definition import Transition
from maillage.workflow.models import Case


@dataclass(frozen=True, slots=True)
class ActButton:
    """An act: the page that does it, or, with `fields`, what a form posts there."""

    label: str
    address: str
    fields: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class NextAct:
    """What is waited for, why now, the act to do first, the other ones, and the transitions beside them."""

    title: str
    why: str
    first: ActButton | None = None
    others: list[ActButton] = field(default_factory=list)
    rest: list[Transition] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """What is known of a need to whoever acts on it, and the acts (`may`) and transitions that are open to them."""

    need: Need
    case: Case
    address: NeedAddress
    requests: Sequence[TeamRequest]
    lines: Sequence[CoverageLine]
    answers: Sequence[Answer]
    may: dict[str, bool]
    ways: Sequence[Transition]
    today: dt.date

    def teams(self, reply: str) -> list[Organisation]:
        """The teams that gave this reply, each once."""
        return list(dict.fromkeys(one.offer.provider for one in self.requests if one.reply == reply))

    @property
    def remindable(self) -> list[TeamRequest]:
        """The requests without a reply whose team was not written to today."""
        return [one for one in self.requests if can_be_reminded(one, self.today)]


def can_be_reminded(request: TeamRequest, today: dt.date) -> bool:
    """Whether a team has not replied and was not written to today."""
    return not request.reply and timezone.localdate(request.reminded_at or request.asked_at) < today


# Each act: the action it runs, its words, and the name of its page.
_ACTS: dict[str, tuple[str, str | Promise, str]] = {
    "compose": ("answer_need", gettext_lazy("Compose a team"), "need-team"),
    "answer": ("answer_need", gettext_lazy("Write the answer"), "answer-need"),
    "ask": ("ask_teams", gettext_lazy("Ask the teams"), "ask-teams"),
    "question": ("ask_requester", gettext_lazy("Ask the requester for more"), "ask-requester"),
    "redirect": ("redirect_need", gettext_lazy("Pass it on…"), "redirect-need"),
    "decline": ("decline_need", gettext_lazy("Decline…"), "decline-need"),
    "specify": ("specify_need", gettext_lazy("Say what is asked"), "specify-need"),
    "remind": ("ask_teams", gettext_lazy("Remind the teams"), "remind-teams"),
    "resume": ("resume_need", gettext_lazy("Start the clock again"), "resume-need"),
}
_SHOWN = ("answer", "compose", "ask", "question", "redirect", "decline")
_POSTED = ("remind", "resume")
_NOTHING = ""


def next_act(facts: NeedFacts) -> NextAct:
    """The next act on a need that is before the reader's organisation."""
    if facts.address.dealt_at:
        return _after_answer(facts)
    title, why, first = _situation(facts)
    return NextAct(title, why, _button(facts, first), _other_buttons(facts, first), list(facts.ways))


def _situation(facts: NeedFacts) -> tuple[str, str, str]:
    """The title of the next act, why it is next, and its name; `_NOTHING` where one can but wait."""
    if facts.case.current_state.stops_clock:
        return _("wait for the requester"), *_waiting_situation(facts)
    if facts.case.state == AGREEMENT:
        why = _("The requester is asked whether the networks may have the need; until then you can still answer it.")
        return _("wait for the requester’s yes"), why, "answer" if facts.requests else _NOTHING
    if not facts.lines:
        why = _("Nothing is asked yet in words that the register knows. Say what is asked, and teams can be found.")
        return _("say what is asked"), why, "specify"
    if facts.requests:
        return _asked_situation(facts)
    met = sum(line.coverage != Coverage.NONE for line in facts.lines)
    if not met:
        why = _("No offer of the register meets what is asked: pass the need on, or say so in the answer.")
        return _("pass the need on"), why, "redirect"
    why = ngettext(
        "No team is asked yet. The register has offers for %(met)d of %(count)d demand.",
        "No team is asked yet. The register has offers for %(met)d of %(count)d demands.",
        len(facts.lines),
    )
    return _("compose a team"), why % {"met": met, "count": len(facts.lines)}, "compose"


def _asked_situation(facts: NeedFacts) -> tuple[str, str, str]:
    pending, accepted = facts.teams(TeamReply.PENDING), facts.teams(TeamReply.YES)
    why = " ".join(sentence(facts) for sentence in _SENTENCES).strip()
    if not pending and not accepted:
        return _("compose another team"), why, "compose"
    if pending and not accepted:
        return _("wait for the teams"), why, "remind" if facts.remindable else _NOTHING
    return _("write the answer"), why, "answer"


def _accepted_words(facts: NeedFacts) -> str:
    teams = facts.teams(TeamReply.YES)
    text = ngettext("%s said yes.", "%s said yes.", len(teams))
    return say(text, teams, short=True) if teams else ""


def _declined_words(facts: NeedFacts) -> str:
    teams = facts.teams(TeamReply.NO)
    text = ngettext("%s said no.", "%s said no.", len(teams))
    return say(text, teams, short=True) if teams else ""


def _pending_words(facts: NeedFacts) -> str:
    teams = facts.teams(TeamReply.PENDING)
    if not teams:
        return ""
    since = min(timezone.localdate(one.asked_at) for one in facts.requests if not one.reply)
    text = ngettext(
        "%(teams)s has not answered yet, asked on %(day)s.",
        "%(teams)s have not answered yet, asked since %(day)s.",
        len(teams),
    )
    return say(text, teams=teams, short=True, day=formats.day(since))


def _open_words(facts: NeedFacts) -> str:
    names = ConceptNames()
    open_names = [names[line.concept] for line in facts.lines if line.coverage == Coverage.UNCONFIRMED]
    if not open_names or not facts.teams(TeamReply.PENDING):
        return ""
    text = _("Without their reply, the letter will say that this is to be confirmed: %s.")
    return text % formats.enumeration(open_names)


def _uncovered_words(facts: NeedFacts) -> str:
    names = ConceptNames()
    lacking = [names[line.concept] for line in facts.lines if line.essential and line.coverage == Coverage.NONE]
    return _("Nobody who is asked covers: %s.") % formats.enumeration(lacking) if lacking else ""


_SENTENCES: tuple[Callable[[NeedFacts], str], ...] = (
    _accepted_words,
    _declined_words,
    _pending_words,
    _open_words,
    _uncovered_words,
)


def _waiting_situation(facts: NeedFacts) -> tuple[str, str]:
    """What was asked of the requester, and the act: to ask again, or to start the clock once they wrote by mail."""
    thread = Message.objects.filter(need=facts.need, thread=MessageThread.REQUESTER).order_by("written_at", "pk")
    question = thread.filter(organisation__isnull=False).last()
    if question is None:
        return _("The clock stands still until the requester answers."), "question"
    asked = _("You asked on %(day)s: “%(text)s”") % {
        "day": formats.day(timezone.localdate(question.written_at)),
        "text": Truncator(question.text).chars(200),
    }
    reply = thread.filter(organisation=None, written_at__gt=question.written_at).last()
    if reply is None:
        return f"{asked} " + _("The clock starts again with their answer on the site."), "question"
    text = _("They wrote by mail on %s: start the clock again, if this answers your question.")
    return f"{asked} " + text % formats.day(timezone.localdate(reply.written_at)), "resume"


def _button(facts: NeedFacts, name: str) -> ActButton | None:
    if name == _NOTHING:
        return None
    action, label, page = _ACTS[name]
    if not facts.may.get(action):
        return None
    return ActButton(str(label), reverse(page, args=[facts.need.key]), {} if name in _POSTED else None)


def _other_buttons(facts: NeedFacts, first: str) -> list[ActButton]:
    # Once teams are asked, their table has the button to ask another.
    shown = (*_SHOWN, "resume") if facts.case.current_state.stops_clock else _SHOWN
    names = [name for name in shown if name != first and not (name == "ask" and facts.requests)]
    return [button for name in names if (button := _button(facts, name))]


def _way_button(facts: NeedFacts, way: Transition) -> ActButton:
    fields = {"transition": way.name, "next": facts.need.get_absolute_url()}
    return ActButton(str(way.title), reverse("take-on", args=[facts.case.pk]), fields)


def _after_answer(facts: NeedFacts) -> NextAct:
    """Once the need is dealt with while its case is open: what came of the answer."""
    rating = getattr(facts.need, "rating", None)
    why = _("The answer was sent on %s.") % formats.day(timezone.localdate(facts.address.dealt_at))
    said = _("The requester rates it %d out of 5.") % rating.score if rating else _("The requester has not rated it.")
    ways = [_way_button(facts, way) for way in facts.ways if "with-reason" not in way.guards]
    rest = [way for way in facts.ways if "with-reason" in way.guards]
    return NextAct(_("say what came of it"), f"{why} {said}", next(iter(ways), None), ways[1:], rest)


def closed_act(addresses: Sequence[NeedAddress], answers: Sequence[Answer]) -> NextAct | None:
    """What is said of a need on which the reader's organisation has nothing to do any more."""
    waiting = [one for one in answers if one.pass_on_to and consent_day(one) >= timezone.localdate()]
    if waiting:
        values = {
            "day": formats.day(timezone.localdate(waiting[-1].sent_at)),
            "last": formats.day(consent_day(waiting[-1])),
        }
        why = _("You proposed on %(day)s to pass it on. It is confidential: the requester may say yes until %(last)s.")
        return NextAct(_("wait for the requester’s yes"), why % values)
    dealt = [address for address in addresses if address.outcome]
    if not dealt:
        return None
    words = {
        NeedOutcome.ANSWERED: _("%(organisation)s answered it on %(day)s."),
        NeedOutcome.REDIRECTED: _("%(organisation)s passed it on, on %(day)s."),
        NeedOutcome.DECLINED: _("%(organisation)s declined it on %(day)s."),
        NeedOutcome.WITHDRAWN: _("The requester withdrew it on %(day)s."),
    }
    said = dict.fromkeys(
        say(words[NeedOutcome(one.outcome)], one.organisation, day=formats.day(timezone.localdate(one.dealt_at)))
        for one in dealt
    )
    return NextAct(_("none"), " ".join(said))
