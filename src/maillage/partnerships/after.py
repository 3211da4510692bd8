"""What a requester does by the signed link: withdraw the need, rate its answer, complain. The caller checks it."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import READER, SYSTEM, Actor
from maillage.kernel.processes.actions import About, begin, fire
from maillage.kernel.processes.models import Case
from maillage.kernel.text import lines
from maillage.partnerships.models import AddressRole, Need, Rating
from maillage.partnerships.queries import running_cases
from maillage.partnerships.readers import having_answered

LONGEST = 5_000
COMPLAINT = "complaint"


@action(READER, title=gettext_lazy("Withdraw one’s need"), over_api=False)
def withdraw_need(*, actor: Actor, at: dt.datetime, need_id: int, reason: str = "") -> None:
    """End every case of a need. Raises `Impossible` where none runs."""
    running = running_cases(need_id)
    if not running:
        raise Impossible(_("This need has been dealt with already."))
    for case in running:
        fire(actor=SYSTEM, at=at, case_id=case.pk, transition="withdraw", reason=reason.strip()[:LONGEST])


@action(READER, title=gettext_lazy("Rate the answer to one’s need"), over_api=False)
def rate_need(*, actor: Actor, at: dt.datetime, need_id: int, score: int, comment: str = "") -> Rating:
    """Keep how the requester found it, 1 to 5; it can be said anew. Raises `Impossible` before there is an answer."""
    need = Need.objects.get(pk=need_id)
    if not 1 <= score <= 5:
        raise Impossible(_("Choose from 1 (badly) to 5 (very well)."))
    if not need.answers.exclude(sent_at=None).exists():
        raise Impossible(_("There is no answer to rate yet."))
    values = {"score": score, "comment": lines(comment)[:LONGEST], "rated_at": at, "readers": having_answered(need)}
    made: Rating = Rating.objects.update_or_create(need=need, defaults=values)[0]
    return made


@action(READER, title=gettext_lazy("Put one’s complaint before the network"), over_api=False)
def escalate_complaint(*, actor: Actor, at: dt.datetime, need_id: int, reason: str = "") -> None:
    """The requester is not content with the answer to a complaint. Raises `Impossible` where none waits for that."""
    running = Case.objects.running().filter(definition__name=COMPLAINT, record_kind=Need.kind_name())
    case = running.filter(record_id=need_id, state="answered").first()
    if case is None:
        raise Impossible(_("No complaint of yours was answered and is still open."))
    fire(actor=SYSTEM, at=at, case_id=case.pk, transition="escalate", reason=reason.strip()[:LONGEST])


@action(READER, title=gettext_lazy("Complain about how one’s need was dealt with"), over_api=False)
def complain(*, actor: Actor, at: dt.datetime, need_id: int, text: str) -> Case:
    """Open a complaint with the body that has the need before it, or had it last.

    Raises `Impossible` for an empty one, or while another is open.
    """
    need = Need.objects.get(pk=need_id)
    if len(text.strip()) < 10:
        raise Impossible(_("Say what is wrong."))
    record = (Need.kind_name(), need.pk)
    known = Case.objects.running().filter(definition__name=COMPLAINT, record_kind=record[0], record_id=record[1])
    if known.exists():
        raise Impossible(_("Your complaint is being dealt with; its answer will stand here."))
    last = need.addresses.filter(role=AddressRole.ADDRESSEE).order_by("since", "pk").last()
    about = About(need.title, record, last.organisation_id if last else None)
    return begin(actor=actor, at=at, process=COMPLAINT, about=about, reason=text.strip()[:LONGEST])
