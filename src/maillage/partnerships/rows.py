"""The list of the delays within which organisations promise to answer."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from maillage.core.actors import OFFICER
from maillage.core.rows.fact_list import FactList
from maillage.core.rows.list_register import register_lists
from maillage.core.rows.row import Described, End, FactRow, NoteEn, NoteFr, Start, optional
from maillage.core.rows.sources import Sources
from maillage.core.rows.values import WholeNumber
from maillage.partnerships.models import AnswerDelay
from maillage.register.row_types import ORGANISATION


class AnswerDelayRow(FactRow):
    """An organisation answers needs within so many working days; while the promise holds, it takes needs."""

    organisation: Annotated[str, ORGANISATION, Described(_("Organisation"))]
    working_days: Annotated[int, WholeNumber(1, 250), Described(_("Working days"), example="10")]
    start: Start = optional("from")
    end: End = optional("to")
    note: NoteEn = ""
    note_fr: NoteFr = ""
    source: Sources = []


ANSWER_DELAYS = FactList(
    name="answer_delays",
    title=_("Promised delays"),
    row=AnswerDelayRow,
    model=AnswerDelay,
    natural_key=("organisation", "start"),
    writers=(OFFICER,),
    concerns=("organisation",),
)

register_lists(ANSWER_DELAYS)
