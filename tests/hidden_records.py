"""A hidden record of every kind at every visibility, each text of it a secret word; and those who look for them."""

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from maillage.calls.models import Application, ApplicationParty, Call, CallVersion, PartyRole, Reply
from maillage.charter.models import Charter, CharterVersion, Finding, FollowUp
from maillage.clinical.models import Trial, TrialGroup
from maillage.community.models import Agreement, AgreementParty, Event, Funding
from maillage.core.actors import MANAGER, ActiveMandate, Actor
from maillage.core.models import Citation, Contradiction, Grant, Source
from maillage.files.models import Content, File
from maillage.label_agreements.models import (
    Clause,
    LabelAgreement,
    LabelAgreementVersion,
    PerimeterEntity,
    PerimeterMember,
)
from maillage.labels.models import Award, Label, Parameter, Wave
from maillage.offers.models import Offer
from maillage.partnerships.models import AnswerDelay, Need, NeedAddress, Requester
from maillage.people.models import Invitation, Mandate, User
from maillage.projects.models import Participation, Project
from maillage.projects.models import Party as Participant
from maillage.publishing.models import Statement
from maillage.register.models import Identifier, Name, Office, Organisation, Tie
from maillage.ventures.models import Startup
from tests.calls.sample_call import TEXT
from tests.charter.sample_charter import TEXT as CHARTER

RESTRICTED_VISIBILITIES = ("network", "organisation", "named")
_FIELDS_WITHOUT_SECRET = {
    "visibility",
    "region",
    "period_start",
    "period_end",
    "attested",
    "kind",
    "country",
    "language",
    "currency",
    "website",
}
_FIELDS_WITHOUT_SECRET |= {
    "managed_by",
    "mark",
    "settled_side",
    "file_status",
    "decided",
    "day",
    "year",
    "number",
    "sort_name",
}


@dataclass
class HiddenRecords:
    """The ids of the hidden rows by model and visibility, the words in them, and the bodies and person concerned."""

    own: int
    foreign: int
    person: int
    rows: dict[tuple[type[models.Model], str], int] = field(default_factory=dict)
    words: dict[str, tuple[type[models.Model], str]] = field(default_factory=dict)

    @property
    def reach(self) -> list[int]:
        """The organisations of the own manager: the house, and those that are themselves hidden."""
        return [self.own, *(pk for (model, _visibility), pk in self.rows.items() if model is Organisation)]


def create_person(name: str = "Reader", *, is_officer: bool = False) -> User:
    """A person of the site."""
    return User.objects.create(email=f"{secrets.token_hex(6)}@example.org", name=name, is_officer=is_officer)


def create_organisation(name: str, **values: Any) -> Organisation:
    """A public organisation."""
    return Organisation.objects.create(key=f"{name}-{secrets.token_hex(4)}", kind="institute", name_fr=name, **values)


def create_manager_mandate(organisation: Organisation | int, someone: User) -> Mandate:
    """A mandate by which a person manages an organisation."""
    number = organisation if isinstance(organisation, int) else organisation.pk
    first = dt.date(2020, 1, 1)
    return Mandate.objects.create(person=someone, organisation_id=number, role=MANAGER, first_day=first)


def manager_actor(numbers: Iterable[int], someone: User | None = None) -> Actor:
    """The actor who manages organisations."""
    reach = frozenset(numbers)
    mandate = ActiveMandate(1, MANAGER, min(reach), "organisation", dt.date(2020, 1, 1), reach=reach, network=reach)
    return Actor("manager", user_id=someone.pk if someone else None, acting=mandate)


def create_hidden_records() -> HiddenRecords:
    """Make one record of each kind at each visibility, all of which concern one organisation."""
    own, foreign, someone = create_organisation("Maison"), create_organisation("Voisine"), create_person()
    hidden = HiddenRecords(own.pk, foreign.pk, someone.pk)
    create_manager_mandate(own, someone)
    moment = timezone.now()
    Invitation.objects.create(
        email="x@example.org", name="X", organisation=own, role=MANAGER, first_day=moment.date(),
        invited_at=moment, expires_at=moment,
    )  # fmt: skip
    for visibility in RESTRICTED_VISIBILITIES:
        _create_hidden_records(hidden, own, visibility)
    return hidden


def _create_hidden_records(hidden: HiddenRecords, own: Organisation, visibility: str) -> None:
    other, moment = create_organisation("Autre"), timezone.now()
    label = Label.objects.create(key=secrets.token_hex(5), name_fr="Label", authority=own)
    kin: dict[type[models.Model], dict[str, Any]] = {
        Organisation: {"kind": "institute"},
        Name: {"organisation": own, "kind": "official", "language": "fr"},
        Tie: {"subject": own, "object": other, "kind": "partner"},
        Office: {"organisation": own},
        Offer: {"provider": own},
        AnswerDelay: {
            "organisation": own,
            "working_days": 10,
            "period_start": f"202{RESTRICTED_VISIBILITIES.index(visibility)}",
        },
        Need: {"stated_at": moment},
        Label: {"authority": own},
        Call: {"label": label, "opens_at": moment, "closes_at": moment + dt.timedelta(days=9)},
        Charter: {"label": label},
        FollowUp: {
            "award": Award.objects.create(label=label, holder=own),
            "label": label,
            "holder": own,
            "begun_on": moment.date(),
        },
        Application: {"version": _public_call_version(label, visibility), "begun_at": moment, "digest": ""},
        Wave: {"label": label},
        Parameter: {
            "label": label,
            "name": "legal-text",
            "period_start": f"202{RESTRICTED_VISIBILITIES.index(visibility)}",
        },
        Award: {"label": label, "holder": own, "period_start": "2020"},
        LabelAgreement: {
            "award": _public_award(label, own),
            "terms": _public_call_version(label, f"{visibility}-terms"),
            "opened_at": moment,
        },
        PerimeterMember: {"award": _public_award(label, other), "organisation": own},
        Trial: {"sponsor": own},
        Agreement: {},
        Funding: {"payer": own},
        Event: {"organiser": own},
        Startup: {"organisation": other, "origin": own},
        Contradiction: {},
        Project: {"status": "SIGNED", "language": "fr"},
        Participant: {"organisation": own, "kind": "REC", "tie": "name", "rnsr": "200611689J"},
        Statement: {"number": 900_000 + len(hidden.rows)},
        File: {
            "content": Content.objects.create(digest=secrets.token_hex(32), size=1, stored_at=moment),
            "record_kind": Organisation.kind_name(),
            "record_id": own.pk,
            "organisation_id": own.pk,
            "uploaded_at": moment,
        },
    }
    for model, values in kin.items():
        record = model(**values, visibility=visibility, **_secret_values(hidden, model, visibility, set(values)))
        record.save()
        hidden.rows[model, visibility] = record.pk
        _create_parts(hidden, own, record, model, visibility)


def _create_parts(
    hidden: HiddenRecords, own: Organisation, record: Any, model: type[models.Model], visibility: str
) -> None:
    """What belongs to the record: parties, parts, a citation, a grant."""
    if isinstance(record, Organisation):
        Name.objects.create(organisation=record, text=_secret_word(hidden, model, visibility), kind="alias")
        Identifier.objects.create(organisation=record, scheme="wikidata", value=_secret_word(hidden, model, visibility))
        # A tie that names the hidden body is no more public than the body itself.
        Tie.objects.create(subject=record, object=own, kind="host", note_fr=_secret_word(hidden, model, visibility))
        if visibility != "named":
            Tie.objects.create(subject=record, object=own, kind="part-of", managed_by="object", period_start="2020")
    if isinstance(record, Agreement):
        AgreementParty.objects.create(agreement=record, organisation=own, position=1)
        AgreementParty.objects.create(agreement=record, text=_secret_word(hidden, model, visibility), position=2)
    if isinstance(record, Need):
        answering = {"role": "addressee", "since": timezone.now(), "promised_day": dt.date(2026, 1, 1)}
        NeedAddress.objects.create(need=record, organisation=own, **answering)
        asker = {
            "organisation": _secret_word(hidden, model, visibility),
            "contact": _secret_word(hidden, model, visibility),
        }
        Requester.objects.create(need=record, email="x@example.org", language="fr", readers=[own.pk], **asker)
    _create_texts(hidden, own, record, model, visibility)
    if isinstance(record, Project):
        party = Participant.objects.create(
            key=secrets.token_hex(4), funder=secrets.token_hex(4), number="1", kind="REC"
        )
        Participation.objects.create(project=record, party=party, role="participant", position=1)
    if isinstance(record, Trial):
        TrialGroup.objects.create(trial=record, group=own)
    title = _secret_word(hidden, model, visibility)
    source = Source.objects.create(url=f"https://example.org/{secrets.token_hex(8)}", title=title)
    said = {"record_kind": model._meta.label_lower, "record_id": record.pk, "read_on": dt.date(2026, 1, 1)}
    Citation.objects.create(source=source, assertion_en=_secret_word(hidden, model, visibility), **said)
    if visibility == "named":
        Grant.objects.create(record_kind=said["record_kind"], record_id=record.pk, person_id=hidden.person)


def _create_texts(
    hidden: HiddenRecords, own: Organisation, record: Any, model: type[models.Model], visibility: str
) -> None:
    """What a call, a charter, a dossier, a follow-up or a convention says."""
    if isinstance(record, Call):
        CallVersion.objects.create(call=record, version=1, text=TEXT, published_at=timezone.now(),
                                   reason=_secret_word(hidden, model, visibility))  # fmt: skip
    if isinstance(record, Charter):
        CharterVersion.objects.create(charter=record, version=1, text=CHARTER, published_at=timezone.now(),
                                      applies_from=dt.date(2026, 1, 1),
                                      reason=_secret_word(hidden, model, visibility))  # fmt: skip
    if isinstance(record, FollowUp):
        Finding.objects.create(follow_up=record, commitment="legal", text=_secret_word(hidden, model, visibility),
                               due_on=dt.date(2026, 1, 1), found_on=dt.date(2026, 1, 1))  # fmt: skip
    if isinstance(record, Application):
        ApplicationParty.objects.create(application=record, organisation=own, part=PartyRole.LEAD)
        Reply.objects.create(application=record, section="summary", question="abstract", at=timezone.now(),
                             value=_secret_word(hidden, model, visibility))  # fmt: skip
    if isinstance(record, LabelAgreement):
        record.parties.create(organisation=own, part=PartyRole.LEAD)
        version = LabelAgreementVersion.objects.create(agreement=record, number=1, begun_at=timezone.now(),
                                                   reason=_secret_word(hidden, model, visibility))  # fmt: skip
        Clause.objects.create(version=version, heading="governance", at=timezone.now(),
                              value=_secret_word(hidden, model, visibility))  # fmt: skip
        PerimeterEntity.objects.create(version=version, organisation=own, host=own, share=50)


def _public_award(label: Label, holder: Organisation) -> Award:
    """A public award, but for its label."""
    return Award.objects.create(label=label, holder=holder, period_start="2026")


def _public_call_version(label: Label, name: str) -> CallVersion:
    """A version of a public call, for a dossier."""
    moment = timezone.now()
    call = Call.objects.create(key=f"open-{name}", label=label, title_fr="Appel", title_en="Call", opens_at=moment,
                               closes_at=moment + dt.timedelta(days=9))  # fmt: skip
    return CallVersion.objects.create(call=call, version=1, text=TEXT, published_at=moment, reason="It opens.")


def _secret_word(hidden: HiddenRecords, model: type[models.Model], visibility: str) -> str:
    word = f"zq{secrets.token_hex(7)}"
    hidden.words[word] = model, visibility
    return word


def _secret_values(
    hidden: HiddenRecords, model: type[models.Model], visibility: str, given: set[str]
) -> dict[str, Any]:
    """A secret word for each text of a model that is not bound to a vocabulary."""
    found: dict[str, Any] = {}
    for each in model._meta.concrete_fields:
        if (
            each.name in given | _FIELDS_WITHOUT_SECRET
            or each.choices
            or not isinstance(each, models.CharField | models.TextField | ArrayField)
        ):
            if each.name == "number" and model in (Trial, Project, Participant):
                found["number"] = _secret_word(hidden, model, visibility)
            continue
        if isinstance(each, ArrayField):
            found[each.name] = [_secret_word(hidden, model, visibility)] if each.name == "keywords" else []
        else:
            found[each.name] = _secret_word(hidden, model, visibility)
    return found
