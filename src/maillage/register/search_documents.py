"""Search documents of organisations, and the organisations found that an actor may see."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.actors import Actor
from maillage.core.periods import OPEN
from maillage.core.security.visibility import Visibility
from maillage.register.models import Identifier, Name, Organisation, PendingTie, ResearchStructure, Tie
from maillage.register.queries import names_on
from maillage.register.vocabulary import RNSR_KEY_PREFIX, SUCCESSION_KINDS, NameKind, TieKind
from maillage.search.finders import SearchDocument, SearchName, VisibleRecord

# Ties that ROR and RNSR give; any other kind shows that an organisation is active in the network.
_PUBLIC_REGISTER_TIE_KINDS = (TieKind.PART_OF, TieKind.RELATED, *SUCCESSION_KINDS)
_STRUCTURE_TIE_KINDS = frozenset({TieKind.SUPERVISOR, TieKind.PARTICIPANT})
# One that another was spun off from goes on under its own name.
_FOLLOWING_KINDS = SUCCESSION_KINDS - {TieKind.SPUN_OFF}


def organisation_documents(ids: list[int]) -> Iterator[SearchDocument]:
    """Organisations by every public name they have or had, by identifier, and by town."""
    identifiers: dict[int, list[str]] = defaultdict(list)
    for organisation_id, value in Identifier.objects.filter(organisation__in=ids).values_list(
        "organisation_id", "value"
    ):
        identifiers[organisation_id].append(value)
    names: dict[int, list[SearchName]] = defaultdict(list)
    public_names = Name.objects.filter(organisation__in=ids, visibility=Visibility.PUBLIC).order_by("id")
    for organisation_id, text, kind, possible in public_names.values_list(
        "organisation_id", "text", "kind", "possible"
    ):
        if kind == NameKind.UNIT:
            identifiers[organisation_id].append(text)
            continue
        names[organisation_id].append(SearchName(text, possible.upper, kind == NameKind.ACRONYM))
    _add_what_they_succeed(ids, names, identifiers)
    from_register = Identifier.objects.filter(organisation=OuterRef("pk"), scheme="ror", value=OuterRef("key"))
    at_work = _at_work(ids)
    of_rnsr = Q(key__startswith=RNSR_KEY_PREFIX)
    organisations = Organisation.objects.filter(pk__in=ids, merged_into=None).order_by("pk")
    fields = ("pk", "key", "name_fr", "name_en", "acronym", "city")
    for row in organisations.annotate(ours=~(Exists(from_register) | of_rnsr)).values_list(*fields, "ours"):
        pk, key, name_fr, name_en, acronym, city, in_network = row
        current_names = (SearchName(name_fr), SearchName(name_en), SearchName(acronym, acronym=True))
        dated_names = {name.text for name in names[pk]}
        undated_names = [name for name in current_names if name.text and name.text not in dated_names]
        yield SearchDocument(
            pk,
            key,
            (*undated_names, *names[pk]),
            words=city,
            identifiers=tuple(sorted(identifiers[pk])),
            ours=in_network or pk in at_work,
        )


def _at_work(ids: list[int]) -> set[int]:
    """Organisations (ids) with ties that no public register gives, those among `ids` being complete."""
    either = Q(subject__in=ids) | Q(object__in=ids)
    ties = list(
        Tie.objects.filter(either)
        .exclude(kind__in=_PUBLIC_REGISTER_TIE_KINDS)
        .values_list("subject_id", "object_id", "kind")
    )
    placed = {lower for _upper, lower, kind in ties if kind in _STRUCTURE_TIE_KINDS}
    structures = set(
        ResearchStructure.objects.filter(organisation__in=placed).values_list("organisation_id", flat=True)
    )
    return {
        pk
        for upper, lower, kind in ties
        if kind not in _STRUCTURE_TIE_KINDS or lower not in structures
        for pk in (upper, lower)
    }


def _add_what_they_succeed(
    ids: list[int], names: dict[int, list[SearchName]], identifiers: dict[int, list[str]]
) -> None:
    """Add the names of the organisations that these followed, as former ones, and the numbers of those not here."""
    ties = Tie.objects.filter(subject__in=ids, kind__in=_FOLLOWING_KINDS, object__visibility=Visibility.PUBLIC)
    for tie in ties.filter(visibility=Visibility.PUBLIC).select_related("object").order_by("id"):
        for text in dict.fromkeys((tie.object.name_fr, tie.object.name_en)):
            if text:
                names[tie.subject_id].append(SearchName(text, tie.days.lower))
        if tie.object.acronym:
            names[tie.subject_id].append(SearchName(tie.object.acronym, tie.days.lower, acronym=True))
    pending = PendingTie.objects.filter(subject__in=ids, kind__in=_FOLLOWING_KINDS, reversed=False)
    for subject_id, value in pending.order_by("id").values_list("subject_id", "value"):
        identifiers[subject_id].append(value)


def _followers(organisations: list[Organisation], actor: Actor, on: dt.date) -> dict[int, str]:
    """The short names of those that followed organisations which have ended, by the id of the ended one."""
    ended = [organisation.pk for organisation in organisations if organisation.period_end != OPEN]
    names: dict[int, list[str]] = defaultdict(list)
    if ended:
        visible = Organisation.objects.visible_to(actor).filter(merged_into=None)
        ties = Tie.objects.visible_to(actor).possible_on(on).filter(object__in=ended, kind__in=_FOLLOWING_KINDS)
        for tie in ties.filter(subject__in=visible).select_related("subject").order_by("id"):
            names[tie.object_id].append(tie.subject.short_name)
    return {pk: _("now %s") % ", ".join(dict.fromkeys(followers)) for pk, followers in names.items()}


def visible_organisations(ids: list[int], actor: Actor, on: dt.date) -> dict[int, VisibleRecord]:
    """The organisations among these ids that the actor may see, by id, each with its name on the day."""
    organisations = list(Organisation.objects.visible_to(actor).filter(pk__in=ids, merged_into=None)) if ids else []
    followers = _followers(organisations, actor, on)
    if on == timezone.localdate():
        titles = {organisation.pk: str(organisation.name) for organisation in organisations}
    else:
        titles = names_on(organisations, on, actor=actor)
    return {
        organisation.pk: VisibleRecord(
            organisation.key,
            titles[organisation.pk],
            ", ".join(filter(None, (organisation.city, organisation.country, followers.get(organisation.pk)))),
            organisation.get_absolute_url(),
        )
        for organisation in organisations
    }
