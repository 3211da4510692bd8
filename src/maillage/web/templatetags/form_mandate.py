"""`{% csrf_token %}` of all templates: beside Django's token, the mandate under which the form is opened."""

from django import template
from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from maillage.web.mandate_choice import FORM_MANDATE, mandate_id_of

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> SafeString:
    """The hidden fields that a form needs: its token and, for who is signed in, the mandate in use."""
    fields = CsrfTokenNode().render(context)
    request = context.get("request")
    if request is not None and getattr(request, "user", None) is not None and request.user.is_authenticated:
        fields += format_html('<input type="hidden" name="{}" value="{}">', FORM_MANDATE, mandate_id_of(request))
    return mark_safe(fields)  # noqa: S308 - Django's field, and one that is escaped
