"""Registration as the provider of labels for rooms that do not depend on this one."""

from maillage.labels.queries import labels_by_holder, list_labels
from maillage.register.label_provider import register_label_provider

register_label_provider(labels_by_holder, list_labels)
