"""The check of the translations, on a small package of its own."""

import re
from pathlib import Path

import pytest

from maillage.web import translations

CODE = """from django.utils.translation import gettext as _, ngettext, pgettext_lazy
_("A need")
_("By %(name)s")
f"{_('Inside')}"
"""
TEMPLATE = (
    "{% load i18n %}<p title=\"{% translate 'It’s here' %}\">{% blocktranslate count n=n %}{{ n }} lab"
    "{% plural %}{{ n }} labs{% endblocktranslate %} {% translate 'open' context 'a call' %}</p>"
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "code.py").write_text(CODE)
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    return tmp_path


@pytest.fixture
def french(tmp_path: Path) -> Path:
    return tmp_path / "locale" / "fr" / "LC_MESSAGES" / "django.po"


def test_every_text_of_code_and_templates_is_found(package: Path) -> None:
    found = {(str(message.id), message.context) for message in translations.extract_texts(package) if message.id}
    assert found == {
        ("A need", None),
        ("By %(name)s", None),
        ("Inside", None),
        ("It’s here", None),
        ("('%(n)s lab', '%(n)s labs')", None),
        ("open", "a call"),
    }


def test_what_is_missing_empty_left_over_or_wrong_is_told(package: Path, french: Path) -> None:
    assert len(translations.list_faults(package, french)) == 6
    assert translations.update_french(package, french) == 6
    assert all(fault.startswith("empty") for fault in translations.list_faults(package, french))
    text = french.read_text().replace('msgid "A need"\nmsgstr ""', 'msgid "A need"\nmsgstr "Un besoin"')
    text = text.replace('msgid "By %(name)s"\nmsgstr ""', 'msgid "By %(name)s"\nmsgstr "Par %(nom)s"')
    french.write_text(text + '\nmsgid "Gone"\nmsgstr "Parti"\n')
    faults = translations.list_faults(package, french)
    assert "unknown placeholder %(nom)s: 'By %(name)s'" in faults
    assert "left over, no longer in the code: 'Gone'" in faults
    assert not any("A need" in fault for fault in faults)


def test_an_update_keeps_what_is_translated_and_drops_what_is_gone(package: Path, french: Path) -> None:
    translations.update_french(package, french)
    text = french.read_text().replace('msgid "A need"\nmsgstr ""', 'msgid "A need"\nmsgstr "Un besoin"')
    french.write_text(text + '\nmsgid "Gone"\nmsgstr "Parti"\n')
    translations.update_french(package, french)
    assert 'msgstr "Un besoin"' in french.read_text()
    assert "Gone" not in french.read_text()
    before = french.read_bytes()
    translations.update_french(package, french)
    assert french.read_bytes() == before


def test_compiling_is_done_once(package: Path, french: Path) -> None:
    translations.update_french(package, french)
    assert translations.list_stale(package / "locale") == [french]
    translations.compile_stale(package / "locale")
    assert translations.list_stale(package / "locale") == []
    assert [file.name for file in sorted(french.parent.iterdir())] == ["django.mo", "django.po"]


def test_no_template_sets_a_colon_that_only_english_spaces_so() -> None:
    """Between two values stands `{% colon %}`, which French precedes with a space; a sentence is translated whole."""
    sentence = re.compile(r"\{% blocktranslate.*?\{% endblocktranslate %\}", re.DOTALL)
    colon = re.compile(r"(?:\}\}|%\}): ?\{[{%]")
    package = Path(translations.PACKAGE)
    faults = [
        f"{file.relative_to(package)}: {found[0]}"
        for file in sorted(package.rglob("templates/**/*.html"))
        for found in colon.finditer(re.sub(r'="[^"]*"', "", sentence.sub("", file.read_text("utf-8"))))
    ]
    assert faults == []
