"""Which organisations may read the requester, the files and the answers of a need."""

from maillage.files.attachments import share_files
from maillage.partnerships.conversations import share_messages
from maillage.partnerships.models import Answer, Need, Rating, Requester, TeamRequest


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
