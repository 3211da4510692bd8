"""The action that loads a vocabulary for the matching of needs to offers."""

import datetime as dt
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, action
from maillage.core.actors import OFFICER, Actor
from maillage.core.table_statistics import refresh_statistics_on_commit
from maillage.matching.vocabulary import Concept
from maillage.matching.vocabulary_files import VocabularyLoad as LoadedVocabulary
from maillage.matching.vocabulary_files import read_eurovoc_csv, read_hpo
from maillage.matching.word_lists import Language
from maillage.matching.yaml_vocabulary import read_eurovoc_yaml, read_yaml
from maillage.offers.models import VocabularyConcept, VocabularyLoad

BATCH_SIZE = 2_000
VOCABULARY_FORMS = ("eurovoc", "hpo", "maillage")


@action(OFFICER, title=gettext_lazy("Load a vocabulary"), over_api=False)
def load_vocabulary(
    *, actor: Actor, at: dt.datetime, path: Path, form: str = "", synonyms: Path | None = None
) -> tuple[VocabularyLoad, LoadedVocabulary]:
    """Replace a vocabulary by the concepts of a file; return the record of the load and the report of the reader.

    `form` is `eurovoc`, `hpo` or `maillage`, guessed from the file's name if empty. Raises `VocabularyError` where the
    file cannot be used, `ActionError` where its form is unknown; nothing is written then.
    """
    loaded = _read_vocabulary(path, form or _guess_form(path), synonyms)
    source = loaded.concepts[0].source if loaded.concepts else path.stem
    VocabularyConcept.objects.filter(source=source).delete()
    VocabularyConcept.objects.bulk_create((_concept_row(concept) for concept in loaded.concepts), batch_size=BATCH_SIZE)
    entry = VocabularyLoad.objects.create(
        source=source,
        file=path.name,
        concepts=loaded.created,
        refused=len(loaded.refused),
        loaded_at=at,
        loaded_by=actor.name,
    )
    refresh_statistics_on_commit()
    return entry, loaded


def _guess_form(path: Path) -> str:
    name = path.name.lower()
    if "eurovoc" in name:
        return "eurovoc"
    if name.startswith(("hp-", "hp_", "hpo")):
        return "hpo"
    return "maillage" if ".yaml" in name or ".yml" in name else ""


def _read_vocabulary(path: Path, form: str, synonyms: Path | None) -> LoadedVocabulary:
    if form == "eurovoc":
        return read_eurovoc_yaml(path) if ".yaml" in path.name else read_eurovoc_csv(path)
    if form == "hpo":
        return read_hpo(path, synonyms)
    if form == "maillage":
        return read_yaml(path)
    message = _("%(file)s: say with --form which form the vocabulary has, one of %(forms)s.")
    raise ActionError(message % {"file": path.name, "forms": ", ".join(VOCABULARY_FORMS)})


def _concept_row(concept: Concept) -> VocabularyConcept:
    return VocabularyConcept(
        key=concept.key,
        source=concept.source,
        labels_fr=list(concept.labels.get(Language.FR, ())),
        labels_en=list(concept.labels.get(Language.EN, ())),
        exact=list(concept.exact),
        broader=list(concept.broader),
        opposite=list(concept.opposite),
        facet=concept.facet,
    )
