"""The facts of an organisation in words, each with the form by which a sentence is bound to it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from maillage.clinical.models import Trial
from maillage.community.models import Agreement, Event, Funding
from maillage.core.actors import Actor
from maillage.core.json_types import JsonObject
from maillage.core.models import Fact
from maillage.core.periods import OPEN, UNKNOWN
from maillage.core.text import label_and_value
from maillage.labels.models import Award, Label
from maillage.offers.models import Offer
from maillage.publishing.references import FactRecord
from maillage.register.models import Office, Organisation, Tie
from maillage.register.vocabulary import INVERSE_LABELS, TieKind
from maillage.ventures.models import Startup

# The most facts of a kind that are offered.
MAX_FACTS = 200

Form = JsonObject


@dataclass(frozen=True, slots=True)
class FactOption:
    """A fact in words, with its form of `bind` or of `holds`."""

    title: str
    form: Form

    @property
    def value(self) -> str:
        return form_text(self.form)


@dataclass(frozen=True, slots=True)
class FactCatalogue:
    """What a sentence of an organisation may be bound to, and what may decide whether it is shown, in groups."""

    bindings: Mapping[str, list[FactOption]]
    conditions: Mapping[str, list[FactOption]]


def form_text(form: Form) -> str:
    """A form as one text, the same for equal forms."""
    return json.dumps(form, sort_keys=True, ensure_ascii=False)


def fact_catalogue(organisation: Organisation, actor: Actor) -> FactCatalogue:
    """The facts of an organisation that the actor sees."""
    return _Reader(organisation, actor).catalogue()


class _Reader:
    """Reads the facts of an organisation once, and names each in the reader's language."""

    def __init__(self, organisation: Organisation, actor: Actor) -> None:
        self.organisation = organisation
        self.key: str = organisation.key
        ends = Q(subject=organisation) | Q(object=organisation)
        self.ties: list[Tie] = self._read(Tie, actor, ends, "subject", "object")
        self.awards: list[Award] = self._read(Award, actor, Q(holder=organisation, simulated=False), "label", "holder")
        self.labels: list[Label] = self._read(Label, actor, Q(authority=organisation) | Q(managed_by=organisation))
        self.offices: list[Office] = self._read(Office, actor, Q(organisation=organisation), "organisation")
        own = Q(parties__organisation=organisation)
        self.agreements: list[Agreement] = self._read(Agreement, actor, own)
        self.events: list[Event] = self._read(Event, actor, Q(organiser=organisation))
        origin = Q(origin=organisation) | Q(organisation=organisation)
        self.startups: list[Startup] = self._read(Startup, actor, origin, "organisation")
        led = Q(sponsor=organisation) | Q(pk__in=organisation.trial_links.values("trial"))
        self.trials: list[Trial] = self._read(Trial, actor, led)
        self.offers: list[Offer] = self._read(Offer, actor, Q(provider=organisation))
        paid = Q(payer=organisation, payee__isnull=False) | Q(payee=organisation, payer__isnull=False)
        self.funding: list[Funding] = self._read(Funding, actor, paid, "payer", "payee")

    @staticmethod
    def _read(model: type[Fact], actor: Actor, where: Q, *related: str) -> list[FactRecord]:
        return list(model.objects.visible_to(actor).filter(where).select_related(*related).order_by("pk")[:MAX_FACTS])

    def catalogue(self) -> FactCatalogue:
        bindings = {
            _("Names"): self._names(),
            _("Lists of names"): [FactOption(title, form) for title, form in self._sets()],
            _("Numbers"): [*self._numbers()],
            _("Dates"): [*self._dates()],
            _("Persons and amounts"): [*self._persons(), *self._amounts()],
        }
        conditions = {
            _("Organisation"): [FactOption(_("%(name)s exists") % {"name": self._name()}, {"organisation": self.key})],
            _("One fact at least"): [FactOption(title, {"some": form}) for title, form in self._sets()],
            _("One fact"): [*self._conditions()],
        }
        return FactCatalogue(_unique(bindings), _unique(conditions))

    def _name(self) -> str:
        return self.organisation.short_name

    def _names(self) -> list[FactOption]:
        called = _("%(name)s, by the official name of the day") % {"name": self._name()}
        options = [FactOption(self._name(), {"link": self.key}), FactOption(called, {"name": self.key})]
        options += [FactOption(self._other(tie)[1], {"link": self._other(tie)[0].key}) for tie in self.ties]
        labels = {row.label for row in self.awards} | set(self.labels)
        options += [_record(_("label"), "labels", row) for row in sorted(labels, key=str)]
        options += [_record(_("agreement"), "agreements", row) for row in self.agreements]
        options += [_record(_("event"), "events", row) for row in self.events]
        options += [_record(_("start-up"), "startups", row) for row in self.startups]
        options += [_record(_("offer"), "offers", row) for row in self.offers]
        trials = [(_with_kind(row, _("trial")), ["trials", row.registry, row.number]) for row in self.trials]
        return options + [FactOption(title, {"record": identity}) for title, identity in trials]

    def _other(self, tie: Tie) -> tuple[Organisation, str]:
        """The other organisation of a tie, and its name with the tie."""
        outward = tie.subject_id == self.organisation.pk
        other = tie.object if outward else tie.subject
        relation = tie.get_kind_display() if outward else tie.inverse
        return other, f"{other.short_name} ({self._name()} {relation} {other.short_name})"

    def _sets(self) -> Iterator[tuple[str, Form]]:
        """Each set of facts that is not empty, in words."""
        outward = {tie.kind for tie in self.ties if tie.subject_id == self.organisation.pk}
        inward = {tie.kind for tie in self.ties if tie.object_id == self.organisation.pk}
        for kind in TieKind:
            if kind in outward:
                yield f"{self._name()} {kind.label} …", {"list": "ties", "member": self.key, "role": str(kind)}
            if kind in inward:
                yield f"{self._name()} {INVERSE_LABELS[kind]} …", {"list": "ties", "of": self.key, "role": str(kind)}
        sets = (
            (self.awards, _("labels held"), {"list": "labels", "of": self.key}),
            (self.labels, _("labels awarded"), {"list": "labels", "by": self.key}),
            (self.trials, _("trials sponsored"), {"list": "trials", "sponsor": self.key}),
            (self.trials, _("trials coordinated"), {"list": "trials", "group": self.key}),
            (self.startups, _("start-ups that came from it"), {"list": "startups", "origin": self.key}),
            (inward, _("start-ups that came from its organisations"), {"list": "startups", "origin_in": self.key}),
        )
        yield from ((title, form) for facts, title, form in sets if facts)

    def _numbers(self) -> Iterator[FactOption]:
        for title, form in self._sets():
            yield FactOption(_("how many: %(what)s") % {"what": title}, _counted(form))
        for label in sorted({row.label for row in self.awards} | set(self.labels), key=str):
            title = _("how many organisations hold %(label)s") % {"label": label}
            yield FactOption(title, {"count": "awards", "label": label.key})

    def _dates(self) -> Iterator[FactOption]:
        yield from _ends(self.organisation, ["organisations", self.key])
        for tie in self.ties:
            yield from _ends(tie, ["memberships", tie.subject.key, tie.kind, tie.object.key])
        for award in self.awards:
            yield from _ends(award, ["awards", award.label.key, self.key])
        for name, rows in (("agreements", self.agreements), ("events", self.events), ("startups", self.startups)):
            for row in rows:
                yield from _ends(row, [name, row.key])
        for trial in self.trials:
            yield from _ends(trial, ["trials", trial.registry, trial.number])

    def _persons(self) -> Iterator[FactOption]:
        for role, title in {office.role_en: str(office.role) for office in self.offices}.items():
            yield FactOption(_("who is: %(role)s") % {"role": title}, {"person": [self.key, role]})

    def _amounts(self) -> Iterator[FactOption]:
        for line in self.funding:
            if line.payer and line.payee:
                words = {"payer": line.payer.short_name, "payee": line.payee.short_name}
                title = _("latest amount from %(payer)s to %(payee)s") % words
                yield FactOption(title, {"amount": ["funding", line.payer.key, line.payee.key]})

    def _conditions(self) -> Iterator[FactOption]:
        for tie in self.ties:
            yield FactOption(str(tie), {"tie": [tie.subject.key, tie.kind, tie.object.key]})
        for award in self.awards:
            yield FactOption(str(award), {"award": [award.label.key, self.key]})
        for label in sorted({row.label for row in self.awards} | set(self.labels), key=str):
            yield FactOption(_("%(name)s exists") % {"name": label}, {"label": label.key})
        for office in self.offices:
            yield FactOption(_("somebody is: %(role)s") % {"role": office.role}, {"office": [self.key, office.role_en]})
        yield from (FactOption(str(row), {"agreement": row.key}) for row in self.agreements)
        for event in self.events:
            yield FactOption(_("%(event)s, from a year before it") % {"event": event}, {"announced": event.key})
            yield FactOption(str(event), {"event": event.key})
        yield from (FactOption(str(row), {"startup": row.key}) for row in self.startups)
        yield from (FactOption(str(row), {"trial": [row.registry, row.number]}) for row in self.trials)


def _counted(form: Form) -> Form:
    return {"count": form["list"], **{name: value for name, value in form.items() if name != "list"}}


def _with_kind(record: object, kind: str) -> str:
    return f"{record} ({kind})"


def _record(kind: str, name: str, record: Label | Agreement | Event | Startup | Offer) -> FactOption:
    return FactOption(_with_kind(record, kind), {"record": [name, record.key]})


def _ends(record: Fact, identity: list[str]) -> Iterator[FactOption]:
    """The known ends of a record's period."""
    if record.period_start not in (OPEN, UNKNOWN):
        yield FactOption(label_and_value(_("beginning"), str(record)), {"date": "since", "of": identity})
    if record.period_end not in (OPEN, UNKNOWN):
        yield FactOption(label_and_value(_("end"), str(record)), {"date": "until", "of": identity})


def _unique(groups: Mapping[str, Iterable[FactOption]]) -> dict[str, list[FactOption]]:
    """The groups that have options, each form once."""
    unique = {title: list({option.value: option for option in options}.values()) for title, options in groups.items()}
    return {title: options for title, options in unique.items() if options}
