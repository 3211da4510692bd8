"""Statements that actions on pages make, change and take off their page."""

from django.db.models import Max

from maillage.core.models import Citation
from maillage.publishing.models import Statement
from maillage.publishing.sentences import SENTENCE_LANGUAGES, without_values


def next_number() -> int:
    return int(Statement.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def is_claim_of_others(statement: Statement) -> bool:
    """Whether a statement is a claim that was read somewhere, with a source or a check, not one written here."""
    cited = Citation.objects.filter(record_kind=Statement.kind_name(), record_id=statement.pk)
    return bool(statement.check_en or statement.file_status or cited.exists())


def save_claim(statement: Statement) -> None:
    """Save a statement that was written here: its claim is its sentence without values, which may be hidden later."""
    for language in SENTENCE_LANGUAGES:
        setattr(statement, f"claim_{language}", without_values(statement.sentence[language]))
    statement.save()


def take_off_page(statement: Statement) -> None:
    """Take a statement off its page. A claim that was read elsewhere stays in the list; one written here is deleted."""
    if is_claim_of_others(statement):
        statement.section, statement.sentence, statement.bind, statement.holds = None, {}, {}, {}
        statement.save()
    else:
        statement.delete()
