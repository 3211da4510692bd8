"""What publishing declares: reports of errors are a kind of row of the desk."""

from django.utils.translation import gettext_lazy

from maillage.desk.providers import DeskKind, register_desk_kind

register_desk_kind(DeskKind("correction", gettext_lazy("Report of an error"), "bell"))
