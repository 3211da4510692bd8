"""What waits on the desk: reports of errors, which are cases."""

from django.utils.translation import gettext_lazy

from maillage.desk.providers import DeskKind, register_case_kind

register_case_kind(DeskKind("correction", gettext_lazy("Report of an error"), "bell"))
