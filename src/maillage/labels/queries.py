"""Queries of labels and of their holders."""

import datetime as dt
from collections.abc import Collection

from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError
from maillage.core.actors import PUBLIC, Actor
from maillage.core.periods import OPEN, UNKNOWN
from maillage.labels.models import Award, Label
from maillage.listing.values import Records
from maillage.register.label_provider import HeldLabel

_MAX_LABELS = 500


def labels_by_holder(organisation_ids: Collection[int], day: dt.date, actor: Actor) -> dict[int, list[HeldLabel]]:
    """The labels that these organisations (ids) hold on `day`, surely or perhaps, by id; without simulated awards."""
    awards = Award.objects.visible_to(actor).possible_on(day).filter(holder__in=organisation_ids, simulated=False)
    labels_by_organisation: dict[int, list[HeldLabel]] = {}
    for award in awards.select_related("label").order_by("label__name_fr", "pk"):
        held_label = HeldLabel(award.label.key, str(award.label), award.get_absolute_url(), award.in_force(day))
        if award.holder_id is not None:
            labels_by_organisation.setdefault(award.holder_id, []).append(held_label)
    return labels_by_organisation


def holders_on(label: str, day: dt.date) -> Records:
    """The ids of the organisations that hold a label (key), surely or perhaps, on a day, as far as the public knows."""
    awards = Award.objects.visible_to(PUBLIC).possible_on(day).filter(label__key=label, simulated=False)
    return awards.exclude(holder=None).values("holder")


def list_labels(actor: Actor) -> list[tuple[str, str]]:
    """The labels that an actor may read: key and name."""
    return [(label.key, str(label)) for label in Label.objects.visible_to(actor).order_by("name_fr")[:_MAX_LABELS]]


def get_label(key: str) -> Label:
    """The label of a key. Raises `ActionError` if there is none."""
    label: Label | None = Label.objects.filter(key=key).first()
    if label is None:
        raise ActionError(_("“%s” is not the key of a label of the register.") % key)
    return label


def has_known_end(award: Award) -> bool:
    """Whether the end of the term is known, so that it can be extended."""
    return award.period_end not in (OPEN, UNKNOWN)
