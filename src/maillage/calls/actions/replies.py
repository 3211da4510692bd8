"""Actions: write a reply, attach a file to a question, and pull a figure from the register."""

import datetime as dt

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
from maillage.core.json_types import Json
from maillage.core.record_versions import StaleRecordError
from maillage.core.security.visibility import Visibility
from maillage.files.attachments import share_files, store_file
from maillage.files.uploads import MEGABYTE, IncomingFile
from maillage.register.figure_provider import FIGURES


@action(*WRITER_ROLES, title=gettext_lazy("Attach a file to an application"), concerns=section_writers, over_api=False)
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
    """Store the file that a question asks for; a later file replaces it.

    The file is shared with every party. Raises `ActionError` where the question asks for no file, or for a file of
    another type or larger than the call allows.
    """
    application = lock_draft_application(application_id)
    place = ReplyPlace(section, question, number)
    file_question = get_question(application, place, QuestionKind.FILE)
    if incoming.size > file_question.most * MEGABYTE:
        message = _("“%(title)s” takes a file of %(most)d MB at most.")
        raise ActionError(message % {"title": file_question.title, "most": file_question.most})
    organisation_ids = [*application.parties.order_by("pk").values_list("organisation_id", flat=True)]
    record = (Application.kind_name(), application.pk)
    file = store_file(actor=actor, at=at, incoming=incoming, record=record, organisation_id=organisation_ids[0],
                visibility=Visibility.ORGANISATION)  # fmt: skip
    share_files(*record, organisation_ids)
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
    value: Json,
    number: int = 1,
    base: int = 0,
) -> Reply:
    """Save a reply that was edited from version `base` (0 where there was none).

    Raises `StaleRecordError` where somebody else has saved this reply since, and `ActionError` for a value that the
    question does not take.
    """
    application = lock_draft_application(application_id)
    part = application.call_document.section(section)
    asked_question = part.question(question) if part else None
    if part is None or asked_question is None or not 1 <= number <= part.repeat:
        raise ActionError(_("The application does not ask this; reload the page."))
    existing = Reply.objects.filter(application=application, section=section, number=number, question=question).first()
    value = clean_reply(asked_question, value)
    if existing and existing.value == value:
        return existing
    if (existing.version if existing else 0) != base:
        raise StaleRecordError(_("Somebody has written here in the meantime; read both and keep what is right."))
    return save_reply(application, ReplyPlace(section, question, number), value, actor=actor, at=at)


_YEAR = dt.timedelta(days=365)


@action(*WRITER_ROLES, title=gettext_lazy("Pull a figure into an application"), concerns=section_writers)
def pull_figure(
    *, actor: Actor, at: dt.datetime, application_id: int, section: str, question: str, number: int = 1
) -> Reply:
    """Save a figure of the register, with its evidence, as the reply. Raises `ActionError` for an unknown figure."""
    application = lock_draft_application(application_id)
    place = ReplyPlace(section, question, number)
    figure_question = get_question(application, place, QuestionKind.FIGURE)
    if figure_question.figure not in FIGURES:
        raise ActionError(_("The register does not know this figure of the organisation that leads the application."))
    day = timezone.localdate(at)
    lead = next(iter(lead_of_application(application_id=application_id)))
    figure = FIGURES[figure_question.figure].tell(lead, day - _YEAR, day, actor)
    if figure is None:
        raise ActionError(_("The register does not know this figure of the organisation that leads the application."))
    value = {"value": str(figure.value), "unit": figure.unit, "evidence": figure.evidence, "url": figure.url,
             "on": day.isoformat()}  # fmt: skip
    return save_reply(application, place, value, actor=actor, at=at)
