"""Action: publish a version of a definition."""

import datetime as dt

from django.utils.translation import gettext_lazy

from maillage.core.action_registry import Reason, action
from maillage.core.actors import OFFICER, Actor
from maillage.workflow.models import ProcessDefinition
from maillage.workflow.parser import parse_definition


@action(OFFICER, title=gettext_lazy("Publish a definition"))
def publish_definition(
    *, actor: Actor, at: dt.datetime, text: str, reason: Reason, base: int | None = None
) -> ProcessDefinition:
    """Publish a new version from YAML, in force from `at`; running cases stay on their version.

    Raises `InvalidDocumentError` with every fault and its line, `ActionError` without a reason, where nothing changed,
    or where it was made from another version (`base`) than the last one.
    """
    definition = parse_definition(text)
    versions = ProcessDefinition.objects.select_for_update().filter(name=definition.name)
    last = versions.order_by("-version").first()
    if last:
        last.check_next(definition, base)
    return ProcessDefinition.objects.create(
        name=definition.name,
        version=last.version + 1 if last else 1,
        document=definition.source_mapping,
        text=text,
        published_at=at,
        author=actor.name,
        reason=reason,
    )
