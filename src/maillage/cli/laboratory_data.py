"""Laboratories and what they did, from a folder of open data, for the commands that rank them."""

from pathlib import Path
from typing import TYPE_CHECKING

from maillage.cli.site_session import set_up_django
from maillage.errors import MaillageError

if TYPE_CHECKING:
    from maillage.matching.laboratories.evidence import LaboratoryEvidence
    from maillage.matching.laboratories.index import Translate


def laboratory_evidence(folder: Path) -> "LaboratoryEvidence":
    """The evidence of a folder."""
    from django.apps import apps

    if not apps.ready:
        set_up_django()
    from maillage.core.rows.errors import InvalidFileError
    from maillage.projects.laboratory_files import read_evidence

    try:
        return read_evidence(folder)
    except InvalidFileError as error:
        raise MaillageError(str(error)) from error


def laboratory_translator(folder: Path, evidence: "LaboratoryEvidence") -> "Translate":
    """A translator with the EuroVoc of the folder if it is there, else with the list of common words alone."""
    from maillage.matching.laboratories.translation import english_translator
    from maillage.matching.vocabulary import Vocabulary
    from maillage.matching.vocabulary_files import read_eurovoc_csv
    from maillage.projects.laboratory_files import EUROVOC

    concepts = read_eurovoc_csv(folder / EUROVOC).concepts if (folder / EUROVOC).exists() else ()
    return english_translator(evidence, Vocabulary.of(concepts))
