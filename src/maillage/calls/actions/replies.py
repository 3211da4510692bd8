"""Files that a dossier is asked for: kept once, read by every body that takes part and by who runs the call."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.call_document import QuestionKind
from maillage.calls.drafts import ReplyPlace, get_question, lock_draft_application, save_reply
from maillage.calls.field_types import clean_reply
from maillage.calls.models import Application, Reply
from maillage.calls.queries import WRITER_ROLES, lead_of_application, section_writers
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import Actor
from maillage.core.record_versions import StaleRecordError
from maillage.core.security.visibility import Visibility
from maillage.files.attachments import share_files, store_file
from maillage.files.uploads import MEGABYTE, IncomingFile
from maillage.register.figure_provider import FIGURES


@action(*WRITER_ROLES, title=gettext_lazy("Attach a file to a dossier"), concerns=section_writers, over_api=False)
def attach_to_application(
    *,
    actor: Actor,
    at: dt.datetime,
    application_id: int,
    section: str,
    question: str,
    incoming: IncomingFile,
    number: int = 1,
) -> Reply:
    """Keep the file that a question asks for; a later one takes its place.

    Raises `ActionError` where no file is asked, or for a file of another type or larger than the call allows.
    """
    application = lock_draft_application(application_id)
    place = ReplyPlace(section, question, number)
    asked = get_question(application, place, QuestionKind.FILE)
    if incoming.size > asked.most * MEGABYTE:
        told = _("“%(title)s” takes a file of %(most)d MB at most.")
        raise ActionError(told % {"title": asked.title, "most": asked.most})
    bodies = [*application.parties.order_by("pk").values_list("organisation_id", flat=True)]
    record = (Application.kind_name(), application.pk)
    file = store_file(actor=actor, at=at, incoming=incoming, record=record, organisation_id=bodies[0],
                visibility=Visibility.ORGANISATION)  # fmt: skip
    share_files(*record, bodies)
    value = {"file": file.content.digest, "name": file.name, "size": file.content.size}
    return save_reply(application, place, value, actor=actor, at=at)


@action(*WRITER_ROLES, title=gettext_lazy("Write a reply"), concerns=section_writers)
def write_reply(
    *,
    actor: Actor,
    at: dt.datetime,
    application_id: int,
    section: str,
    question: str,
    value: Any,
    number: int = 1,
    base: int = 0,
) -> Reply:
    """Reply to a question, on the version (`base`, 0 for none) that was read.

    Two who write at once lose nothing: another question is another reply, and on the same one the second is refused
    (`StaleRecordError`) and sees what the first wrote. Raises `ActionError` for what the question does not take.
    """
    application = lock_draft_application(application_id)
    part = application.call.section(section)
    asked = part.question(question) if part else None
    if part is None or asked is None or not 1 <= number <= part.repeat:
        raise ActionError(_("The dossier does not ask this; reload the page."))
    held = Reply.objects.filter(application=application, section=section, number=number, question=question).first()
    value = clean_reply(asked, value)
    if held and held.value == value:
        return held
    if (held.version if held else 0) != base:
        raise StaleRecordError(_("Somebody has written here in the meantime; read both and keep what is right."))
    return save_reply(application, ReplyPlace(section, question, number), value, actor=actor, at=at)


_YEAR = dt.timedelta(days=365)


@action(*WRITER_ROLES, title=gettext_lazy("Pull a figure into a dossier"), concerns=section_writers)
def pull_figure(
    *, actor: Actor, at: dt.datetime, application_id: int, section: str, question: str, number: int = 1
) -> Reply:
    """Put a figure of the register with its evidence where a question asks for it. Raises `ActionError` without one."""
    application = lock_draft_application(application_id)
    place = ReplyPlace(section, question, number)
    asked = get_question(application, place, QuestionKind.FIGURE)
    if asked.figure not in FIGURES:
        raise ActionError(_("The register does not know this figure of the body that leads the dossier."))
    day = timezone.localdate(at)
    lead = next(iter(lead_of_application(application_id=application_id)))
    told = FIGURES[asked.figure].tell(lead, day - _YEAR, day, actor)
    if told is None:
        raise ActionError(_("The register does not know this figure of the body that leads the dossier."))
    value = {"value": str(told.value), "unit": told.unit, "evidence": told.evidence, "url": told.url,
             "on": day.isoformat()}  # fmt: skip
    return save_reply(application, place, value, actor=actor, at=at)
