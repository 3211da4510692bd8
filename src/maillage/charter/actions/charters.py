"""Action: publish a version of a charter."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.charter.actions.follow_ups import start_follow_ups
from maillage.charter.models import Charter, CharterVersion
from maillage.charter.parser import parse_charter
from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.labels.models import Label
from maillage.labels.queries import get_label


def _operators_of_text(*, text: str, **_others: object) -> Iterable[int]:
    return get_label(parse_charter(text).label).operator_ids


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Publish a charter"), concerns=_operators_of_text)
def publish_charter(
    *, actor: Actor, at: dt.datetime, text: str, reason: Reason, base: int | None = None
) -> CharterVersion:
    """Publish a new charter, or a new version of one, from YAML; every holder of the label is then followed.

    Raises `InvalidDocumentError` with every fault, `ActionError` for a label that the register does not know or that
    has another charter, without a reason, where nothing changed, or where it was made from another version (`base`)
    than the last.
    """
    document = parse_charter(text)
    label = get_label(document.label)
    charter = Charter.objects.select_for_update().filter(key=document.name).first()
    last = charter.last if charter else None
    _refuse_second_charter(document.name, label)
    if last:
        last.check_next(document, base)
    fields = {"label": label, "title_fr": document.title.fr, "title_en": document.title.en}
    charter = Charter.objects.update_or_create(key=document.name, defaults=fields)[0]
    charter_version: CharterVersion = CharterVersion.objects.create(
        charter=charter, version=last.version + 1 if last else 1, text=text, applies_from=document.since,
        published_at=at, author=actor.name, reason=reason,
    )  # fmt: skip
    start_follow_ups(at)
    return charter_version


def _refuse_second_charter(name: str, label: Label) -> None:
    """Raise `ActionError` where the label has another charter, or the charter another label."""
    other = Charter.objects.filter(Q(key=name) ^ Q(label=label)).first()
    if other:
        message = _("A label has one charter, and a charter keeps its label; publish a version of “%s”.")
        raise ActionError(message % other.key)
