"""Forms to verify badges and to change the term of an award."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.presentation.form_types import CleanedData
from maillage.web.labels.badge_pictures import extract_token

# A badge has some 5,000 characters, its picture some 8,000 as SVG and 40,000 as PNG.
MAX_BADGE_BYTES = 100_000


class BadgeForm(forms.Form):
    """A badge to verify, pasted or as a file."""

    text = forms.CharField(
        label=gettext_lazy("The badge as a text (JWT)"), required=False, max_length=MAX_BADGE_BYTES,
        widget=forms.Textarea(attrs={"rows": 6, "class": "code", "spellcheck": "false", "autocapitalize": "off"}),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Or its file: SVG, PNG, JSON or JWT"), required=False, max_length=200, allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".svg,.png,.json,.jwt,.jws,.txt"}),
    )  # fmt: skip

    def clean(self) -> CleanedData:
        values: CleanedData = super().clean() or {}
        if file := values.get("file"):
            if file.size > MAX_BADGE_BYTES:
                message = _("This file has %(size)d bytes; a badge has fewer than %(most)d.")
                raise forms.ValidationError(message % {"size": file.size, "most": MAX_BADGE_BYTES})
            values["text"] = extract_token(file.read(MAX_BADGE_BYTES)).decode("utf-8", errors="replace")
        if not self.errors and not values.get("text", "").strip():
            raise forms.ValidationError(_("Paste a badge or choose its file."))
        return values


class _LastDayForm(forms.Form):
    """The last day of a label."""

    last_day = forms.DateField(
        label=gettext_lazy("Held until, this day included"), widget=forms.DateInput(attrs={"type": "date"})
    )


class TermForm(_LastDayForm):
    """The last day of a label, with a reason."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}))


class EndForm(_LastDayForm):
    """The last day of a label that ends early, with a public reason."""

    reason_fr = forms.CharField(
        label=gettext_lazy("Reason, in French"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    reason_en = forms.CharField(
        label=gettext_lazy("Reason, in English"), max_length=2_000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
