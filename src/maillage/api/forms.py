"""Forms to create tokens and webhooks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.api.action_endpoints import exposed_actions
from maillage.api.actions.tokens import MAX_TOKEN_DAYS
from maillage.api.models import TokenScope
from maillage.people.models import Mandate
from maillage.presentation.form_types import FormArgument, FormField


class _MandateForm(forms.Form):
    """Choice of the mandate within which a program acts; none is possible."""

    mandate = forms.ModelChoiceField(
        Mandate.objects.none(),
        label=_("Within the mandate"),
        required=False,
        empty_label=_("none: what every signed-in reader may do"),
    )

    def __init__(self, *arguments: FormArgument, mandates: list[Mandate], **more: FormArgument) -> None:
        super().__init__(*arguments, **more)
        mandate_field: FormField = self.fields["mandate"]
        mandate_ids = [mandate.pk for mandate in mandates]
        mandate_field.queryset = Mandate.objects.filter(pk__in=mandate_ids).select_related("organisation")


class TokenForm(_MandateForm):
    """A token for a program."""

    name = forms.CharField(label=_("What will use it"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=_("What it opens"),
        choices=TokenScope.choices,
        initial=[TokenScope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=MAX_TOKEN_DAYS, initial=90)
    field_order = ("name", "scopes", "days", "mandate")


class WebhookForm(_MandateForm):
    """A webhook: its address, and the actions it is notified of."""

    url = forms.URLField(label=_("Address"), max_length=1000, assume_scheme="https")
    names = forms.MultipleChoiceField(
        label=_("Of what (nothing chosen: of everything)"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("url", "names", "mandate")

    def __init__(self, *arguments: FormArgument, **more: FormArgument) -> None:
        super().__init__(*arguments, **more)
        names_field: FormField = self.fields["names"]
        names_field.choices = [
            (action.name, action.title) for action in exposed_actions() if action.changes or action.concerns
        ]
