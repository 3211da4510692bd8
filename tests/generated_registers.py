"""Registers made by chance, with what gets lost on the way out and back: rows of every list, merges, withdrawals."""

from contextlib import suppress
from random import Random
from typing import Any

from django.utils import timezone

from maillage.core.action_registry import ActionError
from maillage.core.actions.facts import withdraw_fact
from maillage.core.actors import SYSTEM
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.rows.withdrawal import dependents_of
from maillage.register.actions.merges import merge_organisations
from maillage.register.models import Organisation
from maillage.register.vocabulary import TieKind

Rows = dict[str, list[dict[str, Any]]]
KEYS = ("a", "no", "0x1F", "1_000", "005520242", "12.30", "institut-7", "研究所")
TEXTS = (
    "NO", "12:30", "0x1F", "1_000", "005520242", "null", "~", "-", "- x", "# none", "1e3", "2020-01-01", "=", "<<",
    "L’“institut”: \"A\" & 'B'", "two\nlines\n\nand more", "  spaces  ", "中国科学院", "معهد", "é" * 30, "{a: b}",
    "%(key)s",
    "back\\slash", "tab\tinside", "😀", "Trailing: ", "yes", "!!python/none",
)  # fmt: skip
DATES = ("", "..", "2006", "2006-07", "2006-07-14", "2019?", "2001~", "199X", "2011-XX", "2012-05-XX")
ENDS = ("", "..", "2021", "2021-03", "2022-03-04", "2023?", "202X")
DAYS = ("2026-01-05", "2026-02-06", "2026-11-23")
PAGES = ("https://a.example.org/1", "https://b.example.org/2?x=1#y", "http://c.example.org/")
RORS = ("05qtg6z88", "02vjkv261", "00q32j219", "03yrm5c26", "01ggx4157", "02feahw73", "00jjx8s55", "03xjwb503")
IDENTIFIERS = {
    "isni": ("000000012146438X", "0000000121032683"), "wikidata": ("Q1", "Q42", "Q1000"),
    "grid": ("grid.1.2", "grid.7.a"), "fundref": ("501100001665", "007"), "ukprn": ("00010000",),
}  # fmt: skip


class RegisterMaker:
    """Makes the rows of a register from a source of chance."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.keys = random.sample(KEYS, random.randint(3, len(KEYS)))

    def some(self, values: Any, most: int = 3) -> list[Any]:
        return self.random.sample(list(values), self.random.randint(0, min(most, len(values))))

    def often(self, **fields: Any) -> dict[str, Any]:
        """Some of these fields; one that is empty is left out."""
        return {
            key: value for key, value in fields.items() if value not in ("", [], None) and self.random.random() < 0.7
        }

    def text(self) -> str:
        return self.random.choice(TEXTS)

    def key(self) -> str:
        return self.random.choice(self.keys)

    def date(self) -> str:
        return self.random.choice(DATES)

    def end(self) -> str:
        return self.random.choice(ENDS)

    def source(self) -> Any:
        words = {"title": self.text(), **self.often(issuer=self.text(), dated="2024-07", place=self.text())}
        return self.random.choice(
            [
                *PAGES,
                {"url": "https://d.example.org/titled", "title": "A title"},
                {"kind": "document", **words, **self.often(sha256="3f" * 32)},
                {"kind": "letter", **words},
                {"kind": "statement", "of": self.key()},
            ]
        )

    def sources(self) -> list[Any]:
        """Sources without one twice."""
        sources: list[Any] = []
        for _number in range(self.random.randint(0, 3)):
            source = self.source()
            sources += [source] if source not in sources else []
        return sources

    def common(self) -> dict[str, Any]:
        """What every fact may have."""
        visibility = self.random.choice(["public", "public", "network", "organisation", "named"])
        return self.often(
            note=self.text(), note_fr=self.text(), source=self.sources(), read_on=self.random.choice(DAYS),
            visibility=visibility, citations=self.citations(),
        )  # fmt: skip

    def citations(self) -> list[dict[str, Any]]:
        brought = {"source": {"kind": "document", "title": "Brought"}, "read_on": DAYS[0], "accepted": "no"}
        return self.some([brought | self.often(brought_by=self.key())]) + [
            {"source": f"https://cited.example.org/{number}", **self.often(
                of=self.random.choice(["", "city", "period"]), stance=self.random.choice(["disputes", "partly"]),
                assertion=self.text(), assertion_fr=self.text(), read_on=self.random.choice(DAYS))}
            for number in range(self.random.randint(0, 2))
        ]  # fmt: skip

    def rows(self) -> Rows:
        return {
            "organisations": [self.organisation(number, key) for number, key in enumerate(self.keys)],
            "memberships": [self.tie() for _number in range(6)],
            "people_roles": [self.office() for _number in range(4)],
            "labels": [self.label(key) for key in ("label", "0x10")],
            "awards": [self.award() for _number in range(4)],
            "waves": [self.wave(key) for key in ("2020", "1_0")],
            "parameters": self.parameters(),
            "offers": [self.offer(key) for key in ("offer", "0o7", "joint")],
            "answer_delays": [{"organisation": self.key(), "working_days": 10, "from": self.date(), **self.common()}],
            "trials": [self.trial(number) for number in range(3)],
            "agreements": [self.agreement(key) for key in ("agreement", "1.0")],
            "funding": [self.funding() for _number in range(3)],
            "events": [self.event(key) for key in ("event", "2020-01-01", "off")],
            "startups": [{"key": self.keys[0], **self.often(
                origin=self.random.choice([self.key(), self.text()]), origin_fr=self.text(), field=self.text(),
                founded=self.date(), closed=self.end()), **self.common()}],
            "statements": [self.statement(number) for number in (1, 2)],
            "contradictions": [self.contradiction()],
        }  # fmt: skip

    def organisation(self, number: int, key: str) -> dict[str, Any]:
        return {
            "key": key, "name_fr": self.text(), "kind": "institute", "ror": RORS[number],
            **{scheme: self.some(values) for scheme, values in IDENTIFIERS.items()},
            **self.often(
                name_en=self.text(), acronym=self.text(), city=self.text(), country="FR", region="FR-IDF",
                latitude="48.8566", longitude="-2.3", website="https://example.org/é", since=self.date(),
                until=self.end(), names=[self.name() for _number in range(self.random.randint(0, 3))],
                attested=self.random.choice(["", "2024", "2020/2024-05"]),
            ), **self.common(),
        }  # fmt: skip

    def name(self) -> dict[str, Any]:
        return {
            "text": self.text(), "kind": self.random.choice(["official", "alias", "acronym"]),
            **self.often(language=self.random.choice(["fr", "en", "zh"]), to=self.end(), attested="2024",
                         visibility="network", note=self.text(), **{"from": self.date()}),
        }  # fmt: skip

    def tie(self) -> dict[str, Any]:
        member, of = self.random.sample(self.keys, 2)
        role = self.random.choice(list(TieKind.values))
        managed_by = self.random.choice(["", "subject", "object"])
        return {"member": member, "of": of, "role": role, **self.period(), **self.often(managed_by=managed_by),
                **self.common()}  # fmt: skip

    def period(self) -> dict[str, Any]:
        return self.often(**{"from": self.date(), "to": self.end()})

    def office(self) -> dict[str, Any]:
        return {"name": self.text(), "role": self.text(), "of": self.key(), **self.often(role_fr=self.text()),
                **self.period(), **self.common()}  # fmt: skip

    def label(self, key: str) -> dict[str, Any]:
        return {"key": key, "name": self.text(), **self.often(
            name_en=self.text(), authority=self.random.choice([self.key(), "An authority"]), managed_by=self.key(),
            purpose=self.text(), since=self.date(), until=self.end()), **self.common()}  # fmt: skip

    def award(self) -> dict[str, Any]:
        holder = self.random.choice([self.key(), "An event that holds it"])
        certainty = self.random.choice(["confirmed in 2020 or later", self.text()])
        return {"label": self.random.choice(["label", "0x10"]), "holder": holder, **self.period(), **self.often(
            certainty=certainty, probation_until="2027-01-31", simulated="yes"), **self.common()}  # fmt: skip

    def wave(self, key: str) -> dict[str, Any]:
        return {"label": "label", "key": key, "mark": self.random.choice(["confirmed", "uncertain"]), **self.often(
            name=self.text(), decided="2020-02", outcome=self.text(), **{"from": "2020", "to": "2024"}),
            **self.common()}  # fmt: skip

    def parameters(self) -> list[dict[str, Any]]:
        values = {"length": "48", "pays": {"fr": "0x1F", "en": "NO"}, "amount": "1000.50"}
        known = [name for name in values if name in FACT_LISTS["parameters"].field("name").type.json_schema()["enum"]]
        return [{"label": "label", "name": name, "value": values[name], "mark": "confirmed",
                 **self.often(wave="2020", **{"from": self.date()}), **self.common()} for name in known]  # fmt: skip

    def offer(self, key: str) -> dict[str, Any]:
        cost = self.random.choice([{}, {"currency": "USD"}, {"cost": "12.50", "currency": "EUR"}])
        parts = {"parts": self.some(["offer", "0o7"])} if key == "joint" else {}
        return {"key": key, "provider": self.key(), "title_fr": self.text(), "title_en": self.text(), **cost, **parts,
                **self.often(keywords=self.some(TEXTS), stage=self.text(), trl="3-8", languages=["fr", "no"]),
                **self.period(), **self.common()}  # fmt: skip

    def trial(self, number: int) -> dict[str, Any]:
        return {"registry": self.random.choice(["ClinicalTrials.gov", "12:30"]), "number": f"0{number}",
                "short_title": self.text(), **self.often(
                    sponsor=self.random.choice([self.key(), "A sponsor"]), group=self.some(self.keys), sites="NO",
                    planned_participants=120, start=self.date(), end=self.end()), **self.common()}  # fmt: skip

    def agreement(self, key: str) -> dict[str, Any]:
        return {"key": key, "kind": self.text(), "parties": [*self.some(self.keys), "A party: not here"],
                **self.often(purpose=self.text(), signed=self.date(), until=self.end()), **self.common()}  # fmt: skip

    def funding(self) -> dict[str, Any]:
        return {"from": self.key(), "to": "A payee", "purpose": self.text(), **self.often(
            year=self.random.choice(["2020", "2021?"])),
            **self.random.choice([{}, {"amount": "10", "currency": "EUR"}]), **self.common()}  # fmt: skip

    def event(self, key: str) -> dict[str, Any]:
        date = self.random.choice(["", "2026-06-10", "2026-06-10/2026-06-12", "2026-06/..", "2025?"])
        return {"key": key, "name": self.text(), "kind": self.text(), **self.often(
            name_fr=self.text(), organiser=self.key(), date=date), **self.common()}  # fmt: skip

    def statement(self, number: int) -> dict[str, Any]:
        check = self.random.choice(["Confirmed by the page.", "Partly confirmed: NO", "unverified"])
        fields = {"n": number, "text": self.text(), "about": self.some(self.keys), "check": check, **self.often(
            text_fr=self.text(), check_fr=self.text(), check_source=self.sources(), status="partly")}  # fmt: skip
        return fields | {key: value for key, value in self.common().items() if not key.startswith("note")}

    def contradiction(self) -> dict[str, Any]:
        settled = {"settled_side": "b", "settled_reason": self.text(), "settled_by": "An officer",
                   "settled_at": "2026-03-04T05:06:07.089+02:00"}  # fmt: skip
        about = [{"record": ["organisations", self.key()], "property": "city"}, {"record": ["labels", "label"]}]
        return {"topic": self.text(), "a": self.text(), "b": self.text(), "about": about,
                **self.random.choice([{}, settled]), **self.often(source=self.sources())}  # fmt: skip


def change_register(random: Random) -> None:
    """Merge two organisations, and withdraw a fact of each of some lists, where the register lets one."""
    organisations = list(Organisation.objects.order_by("pk"))
    if random.random() < 0.7:
        _merge(*random.sample(organisations, 2))
    for fact_list in random.sample(list(FACT_LISTS.values()), 4):
        record = fact_list.records().last()
        if record is not None and not dependents_of(record, fact_list.parts):
            _withdraw(fact_list, record)


def _withdraw(fact_list: AnyFactList, record: Any) -> None:
    # The name that an organisation bears now is not withdrawn.
    with suppress(ActionError):
        withdraw_fact(actor=SYSTEM, at=timezone.now(), list_name=fact_list.name, fact_id=str(record.uid), reason="NO")


def _merge(kept: Organisation, absorbed: Organisation) -> None:
    try:
        merge_organisations(
            actor=SYSTEM, at=timezone.now(), kept_id=kept.pk, absorbed_id=absorbed.pk, reason="The same."
        )
    except ActionError:
        return  # They would stand above each other, or both hold what one alone can hold.
