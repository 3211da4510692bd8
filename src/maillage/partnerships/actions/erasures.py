"""Erasing who stated a need: on request by a signed link, after the delay of the site, and again after a restore."""

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, action
from maillage.core.actors import READER, SYSTEM, Actor
from maillage.partnerships.erasure import erase_who_states
from maillage.partnerships.erasure_list import account_key, add_to_file, erased_accounts
from maillage.partnerships.models import Erasure, Message, Need, Requester
from maillage.partnerships.queries import running_need_cases
from maillage.partnerships.requester_mails import queue_requester_mail
from maillage.people.actions.own_account import account_mark, erase_person
from maillage.people.models import User
from maillage.workflow.actions.cases import apply_transition
from maillage.workflow.models import Case

# Needs erased in one run of the worker: the others follow the next night.
MAX_ERASED = 1_000


@action(READER, title=gettext_lazy("Ask that one’s data be erased"), over_api=False)
def request_erasure(*, actor: Actor, at: dt.datetime, need_id: int) -> None:
    """Mail the requester a link that erases who they are; the caller has checked the link of their page.

    Raises `ActionError` while the need or a complaint about it is open, or once it is done.
    """
    need = Need.objects.get(pk=need_id)
    check_erasable(need)
    queue_requester_mail(need, "erase")


@action(READER, title=gettext_lazy("Erase who stated a need"), over_api=False)
def erase_requester(*, actor: Actor, at: dt.datetime, need_id: int) -> None:
    """Erase who stated a need; the caller has checked the mailed link. Raises `ActionError` as `request_erasure`."""
    need = Need.objects.select_for_update().get(pk=need_id)
    check_erasable(need)
    _erase(need, timezone.localdate(at), at)


@action(title=gettext_lazy("Erase who stated needs that ended long ago"), over_api=False)
def erase_old_requesters(*, actor: Actor, at: dt.datetime, years: int) -> int:
    """Erase who stated needs of which nothing was heard for so many years, the oldest first; return how many.

    A need that was left open for as long is withdrawn.
    """
    due = list(requesters_to_erase(at, years).order_by("need__stated_at")[:MAX_ERASED])
    for requester in due:
        _erase(requester.need, timezone.localdate(at), at)
    return len(due)


@action(title=gettext_lazy("Repeat the erasures after a restore"), over_api=False)
def replay_erasures(*, actor: Actor, at: dt.datetime, erasures: Mapping[str, dt.date]) -> int:
    """Erase again who stated these needs, and these accounts (the day of erasure by key), as far as they are back.

    Return how many.
    """
    accounts = _returned_accounts(erasures)
    for user, day in accounts:
        for need in Need.objects.filter(stated_by=user):
            _erase(need, day, at)
        erase_person(user, day)
    returned = Need.objects.filter(key__in=erasures, requester__erased_at=None).exclude(requester=None)
    needs = list(returned)
    for need in needs:
        _erase(need, erasures[need.key], at)
    rows = [Erasure(need_key=key, day=day) for key, day in erasures.items()]
    Erasure.objects.bulk_create(rows, ignore_conflicts=True)
    return len(needs) + len(accounts)


def _returned_accounts(erasures: Mapping[str, dt.date]) -> list[tuple[User, dt.date]]:
    """The accounts of a list that a backup has brought back, and the days of their erasure."""
    keys = erased_accounts(erasures)
    users = User.objects.filter(pk__in={number for number, _mark in keys})
    found = [(user, keys.get((user.pk, account_mark(user)))) for user in users]
    return [(user, erasures[key]) for user, key in found if key]


def list_erased_account(*, actor: Actor, at: dt.datetime, value: str, **_others: object) -> None:
    """Note in the list that an account was erased; `value` is its mark."""
    key, day = account_key(actor.user_id or 0, value), timezone.localdate(at)
    Erasure.objects.get_or_create(need_key=key, defaults={"day": day})
    transaction.on_commit(partial(add_to_file, {key: day}), robust=True)


def erase_needs_of_person(*, actor: Actor, at: dt.datetime, **_others: object) -> None:
    """Erase who stated the needs of a person whose account is erased; those that are open are withdrawn."""
    for need in Need.objects.filter(stated_by__isnull=False, stated_by=actor.user_id):
        _erase(need, timezone.localdate(at), at)


def requesters_to_erase(at: dt.datetime, years: int) -> QuerySet[Requester]:
    """The requesters of needs of which nothing was heard for so many years: no step of a case, and no message."""
    limit = _years_before(at, years)
    cases = Case.objects.filter(record_kind=Need.kind_name(), record_id=OuterRef("need"), entered_at__gte=limit)
    messages = Message.objects.filter(need=OuterRef("need"), written_at__gte=limit)
    old: QuerySet[Requester] = Requester.objects.filter(erased_at=None, need__stated_at__lt=limit)
    return old.exclude(Exists(cases) | Exists(messages)).select_related("need")


def _years_before(at: dt.datetime, years: int) -> dt.datetime:
    local = timezone.localtime(at)
    is_leap_day = (local.month, local.day) == (2, 29)
    return local.replace(year=local.year - years, day=28 if is_leap_day else local.day)


def check_erasable(need: Need) -> None:
    """Raise `ActionError` while somebody deals with the need or a complaint about it, or once it is erased."""
    if not Requester.objects.filter(need=need, erased_at=None).exists():
        raise ActionError(_("This is done already: who stated this need is erased."))
    if running_need_cases(need.pk):
        raise ActionError(
            _("This need is still being dealt with: withdraw it first, so that nobody answers somebody who is erased.")
        )
    open_cases = Case.objects.running().filter(record_kind=Need.kind_name(), record_id=need.pk)
    if open_cases.exists():
        raise ActionError(_("A complaint about this need is still being dealt with; ask again once it is answered."))


def _erase(need: Need, day: dt.date, at: dt.datetime) -> None:
    for case in running_need_cases(need.pk):
        # A process that was edited may not allow it; that holds up no erasure.
        with suppress(ActionError), transaction.atomic():
            apply_transition(actor=SYSTEM, at=at, case_id=case.pk, transition="withdraw")
    need.answers.exclude(pass_on_to=[]).update(pass_on_to=[])
    erase_who_states(need, at)
    Erasure.objects.get_or_create(need_key=need.key, defaults={"day": day})
    # If the file cannot be written, the worker adds the line at night.
    transaction.on_commit(partial(add_to_file, {need.key: day}), robust=True)
