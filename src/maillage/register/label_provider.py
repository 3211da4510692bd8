"""Labels held by organisations, for rooms that do not depend on the room of labels.

    register_label_provider(labels_by_holder, list_labels, holders_on)

Without a provider, no organisation holds a label.
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.core.actors import PUBLIC, Actor
from maillage.core.periods import TruthOnDay
from maillage.core.registers import Register, qualified_name
from maillage.listing.filters import Filter
from maillage.listing.values import Records


@dataclass(frozen=True, slots=True)
class HeldLabel:
    """A label that an organisation holds on a day, surely or perhaps; `name` is in the active language."""

    label: str
    name: str
    url: str
    certainty: TruthOnDay


HeldLabelsProvider = Callable[[Collection[int], dt.date, Actor], dict[int, list[HeldLabel]]]
LabelListProvider = Callable[[Actor], list[tuple[str, str]]]
HoldersProvider = Callable[[str, dt.date], Records]
HOLDERS_PROVIDERS: Register[HoldersProvider] = Register("label holders providers")
HELD_LABELS_PROVIDERS: Register[HeldLabelsProvider] = Register("held labels providers")
LABEL_LIST_PROVIDERS: Register[LabelListProvider] = Register("label list providers")


def register_label_provider(
    held_labels: HeldLabelsProvider, labels: LabelListProvider, holders: HoldersProvider
) -> None:
    """Register the functions that return the labels held by organisations, all labels (key and name), and the ids of
    the holders of a label (key) on a day as far as the public may know them.
    """
    HOLDERS_PROVIDERS[qualified_name(holders)] = holders
    HELD_LABELS_PROVIDERS[qualified_name(held_labels)] = held_labels
    LABEL_LIST_PROVIDERS[qualified_name(labels)] = labels


def labels_held(organisation_ids: Collection[int], day: dt.date, actor: Actor) -> dict[int, list[HeldLabel]]:
    """The labels that these organisations (ids) hold on `day`, by id, as far as the actor may read them."""
    labels_by_organisation: dict[int, list[HeldLabel]] = {}
    for provider in HELD_LABELS_PROVIDERS.values():
        for organisation_id, held_labels in provider(organisation_ids, day, actor).items():
            labels_by_organisation.setdefault(organisation_id, []).extend(held_labels)
    return labels_by_organisation


def list_known_labels(actor: Actor) -> list[tuple[str, str]]:
    """All labels, by name: key and name in the active language."""
    return sorted(
        (label for labels in LABEL_LIST_PROVIDERS.values() for label in labels(actor)),
        key=lambda label: label[1].casefold(),
    )


def label_filter(path: str) -> Filter:
    """A filter by a label that the organisation at `path` (`provider`) holds, surely or perhaps, on the day read."""

    def narrow(records: Records, label: str, day: dt.date) -> Records:
        holders = Q(pk__in=())
        for provider in HOLDERS_PROVIDERS.values():
            holders |= Q(**{f"{path}__in": provider(label, day)})
        return records.filter(holders)

    return Filter("label", _("Label held"), lambda: list_known_labels(PUBLIC), apply_on=narrow)
