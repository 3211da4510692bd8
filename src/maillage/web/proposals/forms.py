"""Forms by which a change is proposed and answered: those of facts, with who proposes it."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.request import Request
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.row import RowField
from maillage.core.rows.values import Values
from maillage.presentation.form_types import FormArgument
from maillage.proposals.actions.proposals import ProposerInput
from maillage.proposals.models import Proposal
from maillage.proposals.proposed_values import proposed_fields
from maillage.web.facts.attached_documents import DOCUMENT_READERS, SOURCE_FILE
from maillage.web.facts.form_parts import FormGroup
from maillage.web.facts.forms import EndForm, FactForm, ReasonForm
from maillage.web.form_fields import reason_field, text_field


def _words_field(label: FormArgument, *, required: bool) -> forms.CharField:
    help_text = gettext_lazy("In your words; a source helps most. Leave out personal data of others.")
    return text_field(label, rows=4, required=required, help_text=help_text)


class ProposerFieldsMixin(forms.Form):
    """A form with the fields of who proposes, for readers without an account."""

    def add_proposer_fields(self, request: Request, label: FormArgument, *, required: bool = True) -> None:
        """Add the words of the proposal, and the proposer unless it is an account."""
        self.fields["reason"] = _words_field(label, required=required)
        if not request.user.is_authenticated:
            self.fields["email"] = forms.EmailField(
                label=_("Your mail address"),
                max_length=254,
                help_text=_(
                    "You confirm it by a link, and get the answer there. Only officers of the site see it; it is "
                    "erased 90 days after the answer."
                ),
                widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            )
            self.fields["proposer_name"] = forms.CharField(
                label=_("Your name, if you like"),
                max_length=200,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "name"}),
            )

    def leave_readers_open(self) -> None:
        """Do not ask who may read a document: those who answer decide."""
        if SOURCE_FILE in self.fields:
            del self.fields[DOCUMENT_READERS]
            read_by = _("It is read by those who answer, who decide who else does.")
            self.fields[SOURCE_FILE].help_text = f"{self.fields[SOURCE_FILE].help_text}. {read_by}"

    @property
    def proposer(self) -> ProposerInput | None:
        """Who proposes; `None` for somebody who is signed in."""
        if "email" not in self.fields:
            return None
        return ProposerInput(self.cleaned_data["email"], self.cleaned_data.get("proposer_name", ""))


class ProposedFactForm(ProposerFieldsMixin, FactForm):
    """The form of a fact for somebody who may not write it: what they propose."""

    def __init__(self, fact_list: AnyFactList, request: Request, **more: FormArgument) -> None:
        super().__init__(fact_list, request, **more)
        self.leave_readers_open()
        label = _("What is wrong, and how do you know?") if self.row is not None else _("How do you know?")
        self.add_proposer_fields(request, label, required=self.row is not None)

    def shown_fields(self) -> list[RowField]:
        return [
            field
            for field in proposed_fields(self.fact_list)
            if field.name != "source" and not (self.row is not None and field.key == "key")
        ]

    def add_dated_names(self, names: list[Values]) -> None:
        """Names over time are facts of their own; some may not be shown to who proposes."""


class ProposedEndForm(ProposerFieldsMixin, EndForm):
    """The end of a fact, as it is proposed."""

    def __init__(self, fact_list: AnyFactList, request: Request) -> None:
        super().__init__(fact_list, request, of_sitting=False)
        self.leave_readers_open()
        self.add_proposer_fields(request, _("How do you know?"))


class ProposedWithdrawalForm(ProposerFieldsMixin, ReasonForm):
    """Why a fact never was so."""

    def __init__(self, request: Request, data: QueryDict | None) -> None:
        super().__init__(data)
        self.add_proposer_fields(request, _("Why was it never so, and how do you know?"))

    def groups(self) -> list[FormGroup]:
        return []


class AcceptForm(forms.Form):
    """Why a proposal is accepted, and a word to who proposed it."""

    reason = reason_field()
    answer = text_field(gettext_lazy("A word to the person who proposed it, if you like"), rows=2, required=False)

    def __init__(self, data: QueryDict | None, proposal: Proposal) -> None:
        super().__init__(data, label_suffix="", initial={"reason": proposed_reason(proposal)}, auto_id="accept_%s")


class RefuseForm(forms.Form):
    """Why a proposal is refused, which who proposed it reads."""

    reason = text_field(gettext_lazy("Why it is not taken up; who proposed it reads this"), rows=3)

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data, label_suffix="", auto_id="refuse_%s")


def proposed_reason(proposal: Proposal) -> str:
    """What the history says of an accepted proposal, unless its reader writes otherwise."""
    words = _("Proposal %(number)d: %(reason)s") % {"number": proposal.pk, "reason": " ".join(proposal.reason.split())}
    return (words if proposal.reason else _("Proposal %d") % proposal.pk)[:2000]


def amended_data(form: FactForm, proposed: FactForm, reason: str) -> QueryDict:
    """The data of a correction in which the fields hold what is proposed, and remember what the fact says now."""
    data = QueryDict(mutable=True)
    for name in dict.fromkeys([*form.fields, *proposed.fields]):
        source = proposed if name in proposed.fields else form
        data[name] = _text(source.initial.get(name))
        bound = source[name]
        if bound.field.show_hidden_initial:
            data[bound.html_initial_name] = _text(form.initial.get(name))
    data["reason"] = reason
    return data


def _text(value: object) -> str:
    return "" if value is None else str(value)
