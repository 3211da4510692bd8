"""The page of an organisation as a file, which is published again by `publish_sentences`."""

import yaml

from maillage.core.actors import Actor
from maillage.core.json_types import JsonObject
from maillage.publishing.actions.statements import is_claim_of_others
from maillage.publishing.drafts import draft_statements
from maillage.publishing.models import Section, Statement
from maillage.register.models import Organisation


def page_text(organisation: Organisation, actor: Actor) -> str:
    """The sections and sentences of a page as YAML; of its draft, where nobody has edited it.

    Statements that were read elsewhere have their number; the others are known by their text.
    """
    saved = Statement.objects.filter(section__organisation=organisation).select_related("section")
    statements = list(saved.order_by("section__position", "section_id", "position", "number"))
    rows = statements or draft_statements(organisation, actor)
    sections: dict[str, JsonObject] = {}
    for statement in rows:
        if statement.section is not None:
            entry = sections.setdefault(statement.section.key, _section(statement.section))
            entry["sentences"].append(_sentence(statement))
    content = {"organisation": organisation.key, "sections": list(sections.values())}
    return yaml.dump(content, Dumper=_PlainDumper, allow_unicode=True, sort_keys=False, width=110)


class _PlainDumper(yaml.SafeDumper):
    """Writes no anchors: a file is read by people."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _section(section: Section) -> JsonObject:
    return {"key": section.key, "title_fr": section.title_fr, "title_en": section.title_en, "sentences": []}


def _sentence(statement: Statement) -> JsonObject:
    number = {"n": statement.number} if statement.pk and is_claim_of_others(statement) else {}
    bind = {"bind": statement.bind} if statement.bind else {}
    return {**number, **statement.sentence, "holds": statement.holds, **bind}
