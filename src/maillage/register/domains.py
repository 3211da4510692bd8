"""Which domains of the web are an organisation's own, so that its pages there do not confirm what it says."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

from django.db.models import Q

from maillage.register.models import WEBSITE_DOMAIN, Organisation, Tie
from maillage.register.vocabulary import MEMBERSHIP_KINDS, TieKind

OwnDomains = Mapping[int, Set[str]]
_HOSTED_KINDS = (TieKind.HOSTED_BY, TieKind.HOSTED)


def own_domains(cited: Iterable[str], organisation_ids: Iterable[int], day: dt.date) -> OwnDomains:
    """Which of the cited domains are each organisation's own, by its id: two queries, whatever their number.

    Own are the domains kept for the organisation and that of its website, with those of its parts, its members and its
    hosts on `day`, and of the records merged into it; and every domain below these.
    """
    wanted, ids = _with_domains_above(cited), set(organisation_ids)
    owners = _owners(wanted) if wanted and ids else {}
    own: dict[int, set[str]] = defaultdict(set)
    for organisation_id, owner_id in _related(ids, set(owners), day):
        own[organisation_id] |= {domain for above in owners[owner_id] for domain in wanted.get(above, ())}
    return own


def _with_domains_above(cited: Iterable[str]) -> dict[str, set[str]]:
    """Each cited domain, and each domain above it, with the cited ones that it covers."""
    covered: dict[str, set[str]] = defaultdict(set)
    for domain in filter(None, cited):
        labels = domain.split(".")
        for first in range(len(labels)):
            covered[".".join(labels[first:])].add(domain)
    return covered


def _owners(wanted: Mapping[str, Set[str]]) -> dict[int, set[str]]:
    """The organisations with any of these domains, each with those that it has; a merged record counts for the kept."""
    records = Organisation.objects.annotate(at=WEBSITE_DOMAIN).filter(
        Q(at__in=list(wanted)) | Q(domains__overlap=list(wanted))
    )
    owners: dict[int, set[str]] = defaultdict(set)
    for pk, merged_into, at, domains in records.values_list("pk", "merged_into", "at", "domains"):
        owners[merged_into or pk] |= {at, *domains} & wanted.keys()
    return owners


def _related(ids: set[int], owner_ids: set[int], day: dt.date) -> set[tuple[int, int]]:
    """Pairs of an organisation and an owner whose domains are its own: itself, its parts, members and hosts."""
    if not owner_ids:
        return set()
    of_members = Q(subject__in=owner_ids, object__in=ids, kind__in=[*MEMBERSHIP_KINDS, TieKind.HOST])
    of_hosts = Q(subject__in=ids, object__in=owner_ids, kind__in=_HOSTED_KINDS)
    ties = Tie.objects.filter(of_members | of_hosts, days__contains=day)
    pairs = {(pk, pk) for pk in ids & owner_ids}
    for subject, target, kind in ties.values_list("subject_id", "object_id", "kind"):
        pairs.add((subject, target) if kind in _HOSTED_KINDS else (target, subject))
    return pairs
