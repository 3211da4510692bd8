"""The language of a text of a project, where its funder writes in two."""

import re

from maillage.matching.text import guess_languages
from maillage.matching.word_lists import Language
from maillage.projects.models import Project


def language_of(text: str, usual: str) -> str:
    """The language that a text is surely in, else the usual one."""
    languages = guess_languages(tuple(re.findall(r"\w+", text)))
    return languages[0] if len(languages) == 1 else usual


def objective_language(project: Project) -> str:
    """The language of the objective: that of the title in English, else what it is written in."""
    return Language.EN if project.language == Language.EN else language_of(project.objective, project.language)
