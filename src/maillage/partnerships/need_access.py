"""Which organisations may read the requester, the files and the answers of a need, and who may deal with it."""

from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import Actor
from maillage.files.attachments import share_files
from maillage.partnerships.conversations import share_messages
from maillage.partnerships.models import Answer, Need, Rating, Requester, TeamRequest
from maillage.partnerships.queries import running_need_cases
from maillage.workflow.models import Case


def grant_requester_access(need: Need, organisation_ids: set[int]) -> None:
    """Let organisations (ids) read who states a need, and its files."""
    requester = Requester.objects.select_for_update().filter(need=need).first()
    if requester:
        requester.readers = sorted({*requester.readers, *organisation_ids})
        requester.save(update_fields=["readers"])
    share_files(Need.kind_name(), need.pk, organisation_ids)


def grant_answering_access(need: Need, organisation_ids: set[int]) -> None:
    """Let organisations (ids) that now answer the need also read earlier answers, ratings, replies, messages."""
    grant_requester_access(need, organisation_ids)
    for model in (Answer, Rating, TeamRequest):
        for row in model.objects.filter(need=need):
            row.readers = sorted({*row.readers, *organisation_ids})
            row.save(update_fields=["readers"])
    share_messages(need, organisation_ids)


def lock_open_need(need_id: int, actor: Actor) -> tuple[Need, Case]:
    """The need, locked, and the actor's case of it. Raises `ActionError` or `ActionForbiddenError` without one."""
    need: Need = Need.objects.select_for_update().get(pk=need_id)
    running = running_need_cases(need_id)
    if not running:
        raise ActionError(_("This need has been dealt with; reload its page."))
    own = [case for case in running if actor.is_officer or actor.reach & set(case.organisation_ids)]
    if not own:
        raise ActionForbiddenError(_("This need is now with another organisation."))
    return need, own[0]
