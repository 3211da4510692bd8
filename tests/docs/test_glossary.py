"""Each domain word stands once in the glossary, in both languages, and every model has its word there."""

import re

import pghistory.models
from django.apps import apps

from tests.docs.documents import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and not re.fullmatch(r"[|\s:-]+", line) and not line.startswith("| English")
]


def test_every_model_has_its_word() -> None:
    models = {
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("maillage.") and not issubclass(model, pghistory.models.Event)
    }
    listed = [name for row in ROWS for name in re.findall(r"`([A-Z]\w+)`", row[0])]
    assert sorted(models - set(listed)) == []
    assert sorted(set(listed) - models) == []


def test_a_word_stands_once_in_both_languages_with_a_meaning() -> None:
    words = [re.sub(r"`[^`]*`", "", row[0]).strip(" ,") for row in ROWS]
    assert sorted({word for word in words if words.count(word) > 1}) == []
    assert [row for row in ROWS if len(row) != 3 or not all(row)] == []
