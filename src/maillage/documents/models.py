"""The base of models that store a document by version."""

from functools import lru_cache
from typing import cast

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError
from maillage.documents.document_model import DocumentModel, DocumentType, read_stored_document
from maillage.documents.plain_yaml import read_yaml


class VersionedDocument(models.Model):
    """One version of a document, which never changes; `text` is the YAML as its author wrote it."""

    version = models.PositiveIntegerField(gettext_lazy("version"))
    text = models.TextField()
    published_at = models.DateTimeField(gettext_lazy("published"))
    author = models.CharField(gettext_lazy("author"), max_length=200)
    reason = models.TextField(gettext_lazy("reason"))

    class Meta:
        abstract = True

    def check_next(self, document: DocumentModel, base: int | None) -> None:
        """Raise `ActionError` unless `document` may follow: made from this version (`base`), and different from it."""
        if base is not None and self.version != base:
            message = _("Version %(last)s was published in the meantime, and yours was made from version %(base)s: "
                        "take over what changed, then publish.")  # fmt: skip
            raise ActionError(message % {"last": self.version, "base": base})
        if read_version_text(type(document), self.text).source_mapping == document.source_mapping:
            raise ActionError(_("Nothing differs from version %s; change something first.") % self.version)


def read_version_text(model: type[DocumentType], text: str) -> DocumentType:
    """The document of a published text, cached. It is read from YAML because stored JSON loses the order of keys."""
    return cast(DocumentType, _read_once(model, text))


@lru_cache(maxsize=256)
def _read_once(model: type[DocumentModel], text: str) -> DocumentModel:
    return read_stored_document(model, read_yaml(text)[0])
