"""Who may read who asks, what they attached, and what was said about a need."""

from maillage.files.attachments import share_files
from maillage.partnerships.models import Answer, Need, Rating, Requester, TeamRequest


def grant_requester_access(need: Need, organisation_ids: set[int]) -> None:
    """Let organisations (ids) read who states a need, and the files that came with it."""
    requester = Requester.objects.select_for_update().filter(need=need).first()
    if requester:
        requester.readers = sorted({*requester.readers, *organisation_ids})
        requester.save(update_fields=["readers"])
    share_files(Need.kind_name(), need.pk, organisation_ids)


def grant_answering_access(need: Need, organisation_ids: set[int]) -> None:
    """The same for organisations that answer the need from now on: they read what teams said and what was answered before."""
    grant_requester_access(need, organisation_ids)
    for model in (Answer, Rating, TeamRequest):
        for row in model.objects.filter(need=need):
            row.readers = sorted({*row.readers, *organisation_ids})
            row.save(update_fields=["readers"])
