"""Who holds which label, for rooms that do not know of labels."""

from maillage.labels.queries import labels_by_holder, list_labels
from maillage.register.label_provider import register_label_provider

register_label_provider(labels_by_holder, list_labels)
