"""From a YAML text to a call, every fault named with its line and remedy.

call: carnot-2016
label: carnot
wave: carnot-3
title: {fr: …, en: …}
about: {fr: …, en: …}                     # optional
authority: {decides: mesr, proposes: anr, runs: anr}      # keys of organisations
dates: {opens: 2015-11-15T09:00, closes: 2016-02-15T13:00, zone: Europe/Paris, appeal_days: 60}
holders: [institute, consortium]          # kinds of organisation that may apply
awarded_to: lead                          # optional; title where an event, or a centre of the lead, is distinguished
signatures: each-host                     # or lead, none
themes: {aml: {fr: …, en: …}}             # optional; one_per_theme: yes where the label is unique in each
texts: [https://…]                        # the legal texts
rules:
  hosts: {check: members-at-least, number: 2, role: host, title: {…}, text: {…}, mark: confirmed}
criteria:
  strategy: {title: {…}, weight: 0.25, low: 0, high: 5, anchors: {0: {…}, 5: {…}}}
sections:
  summary:
    title: {…}
    questions:
      abstract: {title: {…}, kind: text, most: 4000, required: yes}
      staff: {title: {…}, kind: table, most: 50, columns: {name: {title: {…}}, months: {title: {…}, kind: number}}}
      answers: {title: {…}, kind: figure, figure: needs-answered-in-time}
outcomes:
  award: {title: {…}, label: carnot, months: 60, most: 29}
  probation: {title: {…}, label: carnot, months: 18, confirmed_months: 60}
  refusal: {title: {…}, letter: {fr: "Le dossier {dossier} …", en: …}}
review: {reviews: 3, blind: no, years: 3, days: 28, remind_before: 7, remind_after: 1}     # optional, as are its parts
convention:                               # optional: the headings of what is concluded after an award
  perimeter: {title: {…}, guidance: {…}, kind: perimeter, required: yes}     # text, perimeter, objectives, attachment
simulated: no                             # optional; yes where the call tries something out, which its awards then say
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from maillage.calls.call_document import (
    COLUMN_KINDS,
    LETTER_PLACEHOLDER,
    LETTER_PLACEHOLDERS,
    AgreementHeading,
    ApplicationSection,
    AwardedTo,
    CallAuthority,
    CallCriterion,
    CallDocument,
    EligibilityRule,
    HeadingKind,
    MarkAnchor,
    Outcome,
    Question,
    QuestionKind,
    ReviewTerms,
    SignatureRule,
    TableColumn,
)
from maillage.calls.checks import ELIGIBILITY_CHECKS
from maillage.documents.bilingual_text import BilingualText
from maillage.documents.document_reader import DocumentReader
from maillage.documents.plain_yaml import DocumentPath
from maillage.labels.vocabulary import CertaintyMark
from maillage.register.figure_provider import FIGURES
from maillage.register.vocabulary import OrganisationKind

_MAX_TEXT = 4_000
_MAX_SIZES = {QuestionKind.TEXT: 50_000, QuestionKind.TABLE: 500, QuestionKind.FILE: 100}
_DEFAULT_SIZES = {QuestionKind.TEXT: 5_000, QuestionKind.TABLE: 50, QuestionKind.FILE: 20}
# The numbers of a review, each from one to another.
_REVIEW_RANGES = {
    "reviews": (1, 10),
    "years": (0, 20),
    "days": (1, 365),
    "remind_before": (0, 100),
    "remind_after": (1, 100),
}
_OPTIONAL_KEYS = {
    "about",
    "themes",
    "one_per_theme",
    "texts",
    "rules",
    "signatures",
    "review",
    "awarded_to",
    "convention",
    "simulated",
}
_TOP_KEYS = {
    "call", "label", "wave", "title", "authority", "dates", "holders", "criteria", "sections", "outcomes", *_OPTIONAL_KEYS
}  # fmt: skip


def parse_call(text: str) -> CallDocument:
    """The call that a YAML text gives. Raises `InvalidDocumentError` with every fault."""
    return _CallReader.from_text(text, _CallReader.call)


def call_from_document(document: dict[str, Any]) -> CallDocument:
    """The call of a stored document. A check or figure that is gone stays in it, and is then not known."""
    return _CallReader().call(document)


class _CallReader(DocumentReader):
    def call(self, document: Any) -> CallDocument:
        top = self.mapping(document, (), _TOP_KEYS, optional=_OPTIONAL_KEYS)
        opens, closes, zone, appeal = self.dates(top.get("dates"))
        themes = dict(self.titles(top["themes"], ("themes",))) if top.get("themes") else {}
        one_per_theme = self.yes_or_no(top.get("one_per_theme"), ("one_per_theme",))
        if one_per_theme and not themes:
            self.fault(("one_per_theme",), _("Say which themes there are, in “themes:”."))
        return CallDocument(
            name=self.name(top.get("call"), ("call",)),
            label=self.name(top.get("label"), ("label",)),
            wave=self.name(top.get("wave"), ("wave",)),
            title=self.words(top, ()),
            about=self.words(top, (), "about", _MAX_TEXT),
            authority=self.authority(top.get("authority")),
            opens=opens,
            closes=closes,
            zone=zone,
            appeal_days=appeal,
            holders=self.choices(top.get("holders"), ("holders",), OrganisationKind.values),
            signatures=SignatureRule(
                self.choice(top.get("signatures"), ("signatures",), list(SignatureRule)) or "lead"
            ),
            themes=themes,
            one_per_theme=one_per_theme,
            texts=tuple(self.lines_of_text(top.get("texts"), ("texts",))),
            rules=tuple(self.rules(top.get("rules"))),
            criteria=self.criteria(top.get("criteria")),
            sections=tuple(self.sections(top.get("sections"))),
            outcomes=tuple(self.outcomes(top.get("outcomes"))),
            review=self.review(top.get("review")),
            awarded_to=AwardedTo(self.choice(top.get("awarded_to"), ("awarded_to",), list(AwardedTo)) or "lead"),
            simulated=self.yes_or_no(top.get("simulated"), ("simulated",)),
            agreement=tuple(self.headings(top.get("convention"))),
            document=top,
        )

    def authority(self, value: Any) -> CallAuthority:
        path: DocumentPath = ("authority",)
        given = self.mapping(value, path, {"decides", "proposes", "runs"}, optional={"proposes"})
        decides = self.name(given.get("decides"), (*path, "decides"))
        runs = self.name(given.get("runs"), (*path, "runs"))
        proposes = self.name(given["proposes"], (*path, "proposes")) if "proposes" in given else runs
        return CallAuthority(decides, proposes, runs)

    def dates(self, value: Any) -> tuple[dt.datetime, dt.datetime, str, int]:
        path: DocumentPath = ("dates",)
        given = self.mapping(value, path, {"opens", "closes", "zone", "appeal_days"}, optional={"zone", "appeal_days"})
        zone = self.zone(str(given.get("zone") or "Europe/Paris"))
        opens = self.moment(given.get("opens"), (*path, "opens"), zone)
        closes = self.moment(given.get("closes"), (*path, "closes"), zone)
        if closes <= opens:
            self.fault((*path, "closes"), _("The call closes before it opens; exchange the two."))
        appeal = self.number(given.get("appeal_days", 60), (*path, "appeal_days"), 0, 400)
        return opens, closes, str(zone), appeal

    def zone(self, name: str) -> ZoneInfo:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.fault(("dates", "zone"), _("“%s” is no time zone; write for example Europe/Paris.") % name[:60])
            return ZoneInfo("Europe/Paris")

    def moment(self, value: Any, path: DocumentPath, zone: ZoneInfo) -> dt.datetime:
        try:
            return dt.datetime.fromisoformat(str(value)).replace(tzinfo=zone)
        except ValueError:
            self.fault(path, _("Expected here: a day and time such as 2025-11-28T09:00."))
            return dt.datetime.min.replace(tzinfo=dt.UTC)

    def titles(self, value: Any, path: DocumentPath) -> Iterator[tuple[str, BilingualText]]:
        for key, item in self.named(value, path).items():
            self.name(key, (*path, key))
            yield key, self.words({"title": item}, (*path, key))

    def lines_of_text(self, value: Any, path: DocumentPath) -> Iterator[str]:
        for number, item in enumerate(value if isinstance(value, list) else [value] if value else []):
            if not isinstance(item, str) or not 0 < len(item) <= 500:
                self.fault((*path, number), _("This is a text of 1 to %s characters.") % 500)
            yield str(item)

    def rules(self, value: Any) -> Iterator[EligibilityRule]:
        for key, item in (self.named(value, ("rules",)) if value else {}).items():
            path: DocumentPath = ("rules", key)
            own = {"check", "title", "text", "mark"}
            known = ELIGIBILITY_CHECKS.get(item.get("check", "")) if isinstance(item, dict) else None
            allowed = own | (known.parameters if known else set(item) if isinstance(item, dict) else set())
            given = self.mapping(item, path, allowed, optional={"text", *(known.optional if known else ())})
            check = (
                given.get("check", "")
                if self.stored
                else self.choice(given.get("check"), (*path, "check"), ELIGIBILITY_CHECKS)
            )
            yield EligibilityRule(
                self.name(key, path),
                str(check),
                self.words(given, path),
                self.words(given, path, "text", 1_000),
                self.choice(given.get("mark"), (*path, "mark"), CertaintyMark.values) or CertaintyMark.UNCERTAIN,
                {name: part for name, part in given.items() if name not in own},
            )

    def criteria(self, value: Any) -> tuple[CallCriterion, ...]:
        found = tuple(self.each_criterion(value))
        total = sum((one.weight for one in found), Decimal(0))
        if found and total != 1 and not self.faults:
            told = _("The weights sum to %(sum)s, and must to 1: add %(missing)s somewhere.")
            self.fault(("criteria",), told % {"sum": total, "missing": 1 - total})
        return found

    def each_criterion(self, value: Any) -> Iterator[CallCriterion]:
        for key, item in self.named(value, ("criteria",)).items():
            path: DocumentPath = ("criteria", key)
            given = self.mapping(item, path, {"title", "weight", "low", "high", "anchors"},
                                 optional={"low", "high", "anchors"})  # fmt: skip
            low = self.decimal(given.get("low", 0), (*path, "low"))
            high = self.decimal(given.get("high", 5), (*path, "high"))
            weight = self.decimal(given.get("weight"), (*path, "weight"))
            if high <= low:
                self.fault((*path, "high"), _("The highest mark must be above the lowest one."))
            if not 0 < weight <= 1:
                self.fault((*path, "weight"), _("A weight is above 0 and at most 1."))
            anchors = tuple(self.anchors(given.get("anchors"), (*path, "anchors"), low, high))
            yield CallCriterion(self.name(key, path), self.words(given, path), weight, low, high, anchors)

    def anchors(self, value: Any, path: DocumentPath, low: Decimal, high: Decimal) -> Iterator[MarkAnchor]:
        for key, item in (self.named(value, path) if value else {}).items():
            mark = self.decimal(key, (*path, key))
            if not low <= mark <= high:
                self.fault((*path, key), _("This mark is not on the scale from %(low)s to %(high)s.")
                           % {"low": low, "high": high})  # fmt: skip
            yield MarkAnchor(mark, self.words({"title": item}, (*path, key), most=500))

    def sections(self, value: Any) -> Iterator[ApplicationSection]:
        for key, item in self.named(value, ("sections",)).items():
            path: DocumentPath = ("sections", key)
            given = self.mapping(item, path, {"title", "help", "questions", "repeat"}, optional={"help", "repeat"})
            questions = tuple(self.questions(given.get("questions"), (*path, "questions")))
            repeat = self.number(given.get("repeat", 1), (*path, "repeat"), 1, 100)
            help_ = self.words(given, path, "help", _MAX_TEXT)
            yield ApplicationSection(self.name(key, path), self.words(given, path, most=200), questions, repeat, help_)

    def questions(self, value: Any, around: DocumentPath) -> Iterator[Question]:
        optional = {"kind", "help", "required", "most", "choices", "columns", "figure"}
        for key, item in self.named(value, around).items():
            path: DocumentPath = (*around, key)
            given = self.mapping(item, path, {"title", *optional}, optional=optional)
            kind = QuestionKind(self.choice(given.get("kind"), (*path, "kind"), list(QuestionKind)) or "text")
            yield Question(
                key=self.name(key, path),
                title=self.words(given, path, most=500),
                kind=kind,
                help=self.words(given, path, "help", _MAX_TEXT),
                required=self.yes_or_no(given.get("required"), (*path, "required")),
                most=self.most(given, kind, path),
                choices=self.choices_of(given, kind, path),
                columns=tuple(self.columns(given, kind, path)),
                figure=self.figure(given, kind, path),
            )

    def most(self, given: dict[str, Any], kind: QuestionKind, path: DocumentPath) -> int:
        if kind not in _MAX_SIZES:
            return 0
        return self.number(given.get("most", _DEFAULT_SIZES[kind]), (*path, "most"), 1, _MAX_SIZES[kind])

    def choices_of(self, given: dict[str, Any], kind: QuestionKind, path: DocumentPath) -> dict[str, BilingualText]:
        if kind is not QuestionKind.CHOICE:
            return {}
        return dict(self.titles(given.get("choices"), (*path, "choices")))

    def columns(self, given: dict[str, Any], kind: QuestionKind, path: DocumentPath) -> Iterator[TableColumn]:
        if kind is not QuestionKind.TABLE:
            return
        for key, item in self.named(given.get("columns"), (*path, "columns")).items():
            place = (*path, "columns", key)
            part = self.mapping(item, place, {"title", "kind"}, optional={"kind"})
            chosen = self.choice(part.get("kind"), (*place, "kind"), COLUMN_KINDS)
            yield TableColumn(self.name(key, place), self.words(part, place), QuestionKind(chosen or "text"))

    def figure(self, given: dict[str, Any], kind: QuestionKind, path: DocumentPath) -> str:
        if kind is not QuestionKind.FIGURE:
            return ""
        if "figure" not in given:
            self.fault(path, _("“%s:” is missing; add it.") % "figure")
        place = (*path, "figure")
        return str(given.get("figure", "")) if self.stored else self.choice(given.get("figure"), place, FIGURES)

    def outcomes(self, value: Any) -> Iterator[Outcome]:
        for key, item in self.named(value, ("outcomes",)).items():
            path: DocumentPath = ("outcomes", key)
            optional = {"label", "months", "most", "confirmed_months", "letter"}
            given = self.mapping(item, path, {"title", *optional}, optional=optional)
            label = self.name(given["label"], (*path, "label")) if given.get("label") else ""
            if label and "months" not in given:
                self.fault(path, _("Say for how many “months:” the label is then held."))
            months = self.number(given.get("months", 0), (*path, "months"), 1 if "months" in given else 0, 600)
            most = self.number(given.get("most", 0), (*path, "most"), 0, 10_000)
            confirmed = self.number(given.get("confirmed_months", 0), (*path, "confirmed_months"), 0, 600)
            if confirmed and (not label or confirmed <= months):
                told = _("A label on probation is held for longer once confirmed: more than its “months:”.")
                self.fault((*path, "confirmed_months"), told)
            letter = self.letter(given, path)
            yield Outcome(self.name(key, path), self.words(given, path), label, months, most, confirmed, letter)

    def letter(self, given: dict[str, Any], path: DocumentPath) -> BilingualText:
        words = self.words(given, path, "letter", _MAX_TEXT)
        for language, text in (("fr", words.fr), ("en", words.en)):
            named = set(LETTER_PLACEHOLDER.findall(text))
            if unknown := sorted(named - LETTER_PLACEHOLDERS):
                told = _("A letter cannot name “%(name)s”; between braces it knows: %(known)s.")
                known = ", ".join(sorted(LETTER_PLACEHOLDERS))
                self.fault((*path, "letter", language), told % {"name": unknown[0], "known": known})
        return words

    def review(self, value: Any) -> ReviewTerms:
        if not value:
            return ReviewTerms()
        path: DocumentPath = ("review",)
        given = self.mapping(value, path, {"blind", *_REVIEW_RANGES}, optional={"blind", *_REVIEW_RANGES})
        usual = ReviewTerms()
        numbers = {
            name: self.number(given.get(name, getattr(usual, name)), (*path, name), low, high)
            for name, (low, high) in _REVIEW_RANGES.items()
        }
        if numbers["remind_before"] >= numbers["days"]:
            told = _("A reminder %(before)s days before the due day comes before the review is asked; make it less "
                     "than the %(days)s days there are.")  # fmt: skip
            self.fault((*path, "remind_before"), told % {"before": numbers["remind_before"], "days": numbers["days"]})
        return ReviewTerms(blind=self.yes_or_no(given.get("blind"), (*path, "blind")), **numbers)

    def headings(self, value: Any) -> Iterator[AgreementHeading]:
        optional, perimeters = {"kind", "guidance", "required"}, 0
        for key, item in (self.named(value, ("convention",)) if value is not None else {}).items():
            path: DocumentPath = ("convention", key)
            given = self.mapping(item, path, {"title", *optional}, optional=optional)
            kind = HeadingKind(self.choice(given.get("kind"), (*path, "kind"), list(HeadingKind)) or "text")
            perimeters += kind is HeadingKind.PERIMETER
            if kind is HeadingKind.PERIMETER and perimeters > 1:
                self.fault((*path, "kind"), _("A convention has one perimeter; make this heading a text."))
            required = self.yes_or_no(given.get("required"), (*path, "required"))
            guidance = self.words(given, path, "guidance", _MAX_TEXT)
            yield AgreementHeading(self.name(key, path), self.words(given, path, most=200), kind, guidance, required)
