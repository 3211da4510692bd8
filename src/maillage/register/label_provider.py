"""Labels held by organisations, for rooms that do not depend on the room of labels.

    register_label_provider(labels_by_holder, list_labels)

Without a provider, no organisation holds a label.
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from maillage.core.actors import Actor
from maillage.core.periods import TruthOnDay
from maillage.core.registers import Register, qualified_name


@dataclass(frozen=True, slots=True)
class HeldLabel:
    """A label that an organisation holds on a day, surely or perhaps; `name` is in the active language."""

    label: str
    name: str
    url: str
    certainty: TruthOnDay


HeldLabelsProvider = Callable[[Collection[int], dt.date, Actor], dict[int, list[HeldLabel]]]
LabelListProvider = Callable[[Actor], list[tuple[str, str]]]
HELD_LABELS_PROVIDERS: Register[HeldLabelsProvider] = Register("held labels providers")
LABEL_LIST_PROVIDERS: Register[LabelListProvider] = Register("label list providers")


def register_label_provider(held_labels: HeldLabelsProvider, labels: LabelListProvider) -> None:
    """Register the functions that return the labels held by organisations, and all labels (key and name)."""
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
