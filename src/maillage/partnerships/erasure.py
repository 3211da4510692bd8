"""Erases who stated a need: in its rows, in their history, in notices and in what the inbox remembers.

What stays tells nothing of a person: what was asked for, days, outcome, sector, size and country. Texts go whole, those
of the institute too, since any of them may name the requester.
"""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import product

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import F, Func, JSONField, Model, Q, QuerySet, TextField, Value
from pghistory.models import Context

from maillage.core.action_registry import Arguments
from maillage.core.actors import PUBLIC
from maillage.core.history import tracked_models
from maillage.desk.models import Snooze
from maillage.desk.notifications import GIVEN_NOTICES
from maillage.files.models import File
from maillage.notifications.models import Notice
from maillage.partnerships.models import Answer, Message, Need, Rating, ReceivedMail, Requester, TeamRequest
from maillage.partnerships.requester_mails import MAIL_TASK
from maillage.partnerships.requester_waits import OWN_NEED
from maillage.workflow.models import Case, CaseStep

_NOTICE_TEXTS = ("subject_en", "subject_fr", "body_en", "body_fr")
_Redaction = tuple[type[Model], Q, Arguments]


def erase_who_states(need: Need, at: dt.datetime) -> None:
    """Erase who stated a need, from another action, without a permission check; repeated, it changes nothing more."""
    addresses, titles = _mail_addresses(need), _titles(need)
    message_ids = _all_ids(Message, Q(need=need.pk))
    digests = _delete_files(need, message_ids)
    redactions = list(_redactions(need, message_ids))
    _remove_from_entries(need, redactions)
    with pgtrigger.ignore("workflow.CaseStep:only_added"):
        for redaction in redactions:
            _redact(redaction)
    Requester.objects.filter(need=need).update(erased_at=at)
    _erase_notices(need, addresses, titles)
    _erase_mails(need, addresses)
    for table in (Snooze, _events(Snooze)):
        table._default_manager.filter(kind=OWN_NEED, number=need.pk).delete()
    _remove_content(digests)


def _redactions(need: Need, message_ids: set[int]) -> Iterator[_Redaction]:
    """The columns that may name a person, in rows and in their events; by columns that both have."""
    case_ids = _all_ids(Case, _of_record(Need, {need.pk}))
    of_need = Q(need=need.pk)
    yield Need, Q(id=need.pk), {"title": need.key, "text": "", "stated_by": None}
    yield Requester, of_need, {
        "person": None, "organisation": "", "contact": "", "email": "", "staff": None, "turnover": None,
        "balance": None, "undelivered": "", "place": "",
    }  # fmt: skip
    yield Message, of_need, {
        "author": None, "author_name": "", "text": "", "quoted": "", "not_taken": "", "undelivered": "",
        "requester": None,
    }  # fmt: skip
    yield Answer, of_need, {"letter": "", "signer_name": "", "signer_function": "", "signer_contact": ""}
    yield Rating, of_need, {"comment": ""}
    yield Case, Q(id__in=case_ids), {"title": need.key, "opened_by": None}
    yield CaseStep, Q(case__in=case_ids), {"reason": ""}
    own_steps = Q(case__in=case_ids, user__in=_account_ids(need))
    yield CaseStep, own_steps, {"actor": PUBLIC.name, "user": None, "on_behalf": ""}
    # The rows of files are deleted; their events stay.
    yield File, _of_record(Need, {need.pk}) | _of_record(Message, message_ids), {"name": "", "uploaded_by": None}


def _of_record(model: type[Need | Message], ids: set[int]) -> Q:
    return Q(record_kind=model.kind_name(), record_id__in=ids)


def _redact(redaction: _Redaction) -> None:
    model, rows, blanks = redaction
    for table in (model, _events(model)):
        table._default_manager.filter(rows).update(**blanks)


def _events(model: type[Model]) -> type[Model]:
    return dict(tracked_models())[model]


def _all_ids(model: type[Model], rows: Q) -> set[int]:
    """The ids of rows that are there or once were."""
    return set(_events(model)._default_manager.filter(rows).values_list("id", flat=True))


def _mail_addresses(need: Need) -> set[str]:
    """Every mail address that the requester ever had here."""
    addresses = _events(Requester)._default_manager.filter(need=need.pk).values_list("email", flat=True)
    return {address for address in addresses if address}


def _titles(need: Need) -> set[str]:
    """Every title that the need ever had: notices of several rows of a desk quote it and lead to the desk."""
    titles = _events(Need)._default_manager.filter(id=need.pk).values_list("title", flat=True)
    return set(titles) - {need.key, ""}


def _account_ids(need: Need) -> set[int]:
    """Every account (id) by which the need was stated."""
    stating = _events(Need)._default_manager.filter(id=need.pk).values_list("stated_by", flat=True)
    asking = _events(Requester)._default_manager.filter(need=need.pk).values_list("person", flat=True)
    return {pk for pk in stating.union(asking) if pk is not None}


def _remove_from_entries(need: Need, redactions: list[_Redaction]) -> None:
    """Remove what the entries of the history about these rows say in words, and the account of the requester."""
    contexts = {
        pk
        for model, rows, _blanks in redactions
        for pk in _events(model)._default_manager.filter(rows).values_list("pgh_context_id", flat=True)
    }
    entries = Context.objects.filter(Q(pk__in=contexts - {None}) | Q(metadata__given__need_id=need.pk))
    _remove_names(entries.filter(metadata__has_key="reason"), ["reason"])
    for account_id in _account_ids(need):
        own = entries.filter(metadata__user=account_id)
        own.update(metadata=_operation(F("metadata"), " || ", Value({"actor": PUBLIC.name}, output_field=JSONField())))
        _remove_names(own, ["user", "mandate", "for"])


def _remove_names(entries: "QuerySet[Context]", names: list[str]) -> None:
    removed = Value(names, output_field=ArrayField(TextField()))
    entries.update(metadata=_operation(F("metadata"), " - ", removed))


def _operation(left: F, operator: str, right: Value) -> Func:
    return Func(left, right, template="%(expressions)s", arg_joiner=operator)


def _delete_files(need: Need, message_ids: set[int]) -> set[str]:
    """Delete the files of the need and of its messages; return the digests of their content."""
    files = File.objects.filter(_of_record(Need, {need.pk}) | _of_record(Message, message_ids))
    digests = set(files.values_list("content__digest", flat=True))
    files.delete()
    return digests


def _remove_content(digests: set[str]) -> None:
    from maillage.files.tasks import remove_unused_content_task  # needs the models to be loaded

    for digest in sorted(digests):
        remove_unused_content_task.defer(digest=digest)


def _erase_notices(need: Need, addresses: set[str], titles: set[str]) -> None:
    """Delete the notices that lead to the need, that hold an address of the requester, or by which its row was given.

    Other needs may have the same words in their titles: a title counts only in those notices, and only as a whole.
    """
    case_ids = _all_ids(Case, _of_record(Need, {need.pk}))
    request_ids = _all_ids(TeamRequest, Q(need=need.pk))
    numbers = [f"cases/{pk}" for pk in case_ids] + [f"requests/{pk}" for pk in request_ids]
    pages = "|".join((f"needs/{re.escape(need.key)}", *numbers))
    pattern = rf"/({pages})($|[/?#])"
    naming = Q(link_en__regex=pattern) | Q(link_fr__regex=pattern)
    for address, name in product(addresses, (*_NOTICE_TEXTS, "failure")):
        naming |= Q(**{f"{name}__icontains": address})
    for title, name in product(titles, _NOTICE_TEXTS):
        whole = rf"(^|\n|: |- ){re.escape(title)}($|\n| · | et | and )"
        naming |= Q(kind=GIVEN_NOTICES.name, **{f"{name}__regex": whole})
    Notice.objects.filter(naming).delete()


def _erase_mails(need: Need, addresses: set[str]) -> None:
    """Erase who wrote by mail, and the words of mails that are queued or were sent."""
    written = Q(message__need=need)
    for address in addresses:
        written |= Q(sender__iexact=address)
    ReceivedMail.objects.filter(written).update(sender="", subject="")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET args = args - 'note' WHERE task_name = %s AND args->>'need_id' = %s",
            [MAIL_TASK, str(need.pk)],
        )
