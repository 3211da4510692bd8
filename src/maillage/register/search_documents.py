"""Search documents of organisations, and the organisations found that an actor may see."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from maillage.core.actors import Actor
from maillage.core.security.visibility import Visibility
from maillage.register.models import Identifier, Name, Organisation, Tie
from maillage.register.queries import names_on
from maillage.register.vocabulary import NameKind, TieKind
from maillage.search.finders import SearchDocument, SearchName, VisibleRecord

# Ties that ROR gives; any other kind shows that an organisation is active in the network.
_PUBLIC_REGISTER_TIE_KINDS = (TieKind.PART_OF, TieKind.RELATED, TieKind.SUCCESSOR)


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
        names[organisation_id].append(SearchName(text, possible.upper, kind == NameKind.ACRONYM))
    from_register = Identifier.objects.filter(organisation=OuterRef("pk"), scheme="ror", value=OuterRef("key"))
    at_work = Tie.objects.filter(Q(subject=OuterRef("pk")) | Q(object=OuterRef("pk"))).exclude(
        kind__in=_PUBLIC_REGISTER_TIE_KINDS
    )
    organisations = Organisation.objects.filter(pk__in=ids, merged_into=None).order_by("pk")
    fields = ("pk", "key", "name_fr", "name_en", "acronym", "city")
    for row in organisations.annotate(ours=~Exists(from_register) | Exists(at_work)).values_list(*fields, "ours"):
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
            ours=in_network,
        )


def visible_organisations(ids: list[int], actor: Actor, on: dt.date) -> dict[int, VisibleRecord]:
    """The organisations among these ids that the actor may see, by id, each with its name on the day."""
    organisations = list(Organisation.objects.visible_to(actor).filter(pk__in=ids, merged_into=None)) if ids else []
    if on == timezone.localdate():
        titles = {organisation.pk: str(organisation.name) for organisation in organisations}
    else:
        titles = names_on(organisations, on, actor=actor)
    return {
        organisation.pk: VisibleRecord(
            organisation.key,
            titles[organisation.pk],
            ", ".join(filter(None, (organisation.city, organisation.country))),
            organisation.get_absolute_url(),
        )
        for organisation in organisations
    }
