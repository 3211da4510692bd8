"""Actions by which officers set the site: its settings, its logo and its texts."""

import datetime as dt
import hashlib
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, Arguments, action
from maillage.core.actors import OFFICER, Actor
from maillage.site.environment import locked_variable
from maillage.site.models import Logo, SiteSettings, SiteText
from maillage.site.pictures import read_picture
from maillage.site.queries import forget_site
from maillage.site.site_values import InvalidSettingError, SiteValues, checked_values, limited_text

MAX_TEXT = 50_000
_NOT_HERE = frozenset({"logo"})


class SettingError(ActionError):
    """A setting that is refused; `field` is its name."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@action(OFFICER, title=gettext_lazy("Set the site"))
def save_site_settings(*, actor: Actor, at: dt.datetime, changes: dict[str, str | list[str]]) -> SiteSettings:
    """Change settings of the site; `changes` holds new values by name, of those of `SiteValues` but the logo.

    Raises `SettingError` for an unknown setting, one that the environment sets, or a value that is not valid.
    """
    _check_names(changes)
    row = _locked_row()
    try:
        values = checked_values({**row.values, **changes})
    except InvalidSettingError as error:
        raise SettingError(str(error), error.field) from error
    return _save(row, values.model_dump(mode="json", include={*row.values, *changes}))


def _check_names(changes: Mapping[str, object]) -> None:
    for name in changes:
        if name not in SiteValues.model_fields or name in _NOT_HERE:
            raise SettingError(_("“%s” is no setting of the site.") % name[:60])
        if variable := locked_variable(name):
            raise SettingError(_("The environment sets this (%s); change it there.") % variable, name)


@action(OFFICER, title=gettext_lazy("Set the logo"), over_api=False)
def set_logo(*, actor: Actor, at: dt.datetime, content: bytes) -> Logo:
    """Show a picture as the logo of the site, in place of the one before; an empty `content` removes it.

    Raises `SettingError` for anything but a PNG, a JPEG or a WebP of a fitting size.
    """
    row = _locked_row()
    Logo.objects.all().delete()
    logo = _new_logo(content) if content else Logo()
    _save(row, {**row.values, "logo": logo.digest})
    return logo


def _new_logo(content: bytes) -> Logo:
    try:
        picture = read_picture(content)
    except InvalidSettingError as error:
        raise SettingError(str(error)) from error
    return Logo.objects.create(
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
    )


@action(OFFICER, title=gettext_lazy("Write a text of the site"))
def write_site_text(*, actor: Actor, at: dt.datetime, kind: str, text_en: str, text_fr: str) -> SiteText:
    """Write the legal notice, the statement on personal data or that on accessibility, in both languages.

    Raises `SettingError` for another kind, or a text that is too long.
    """
    if kind not in SiteText.Kind.values:
        raise SettingError(_("Choose one of these texts: %s.") % ", ".join(SiteText.Kind.values))
    texts = {name: _checked_text(name, text) for name, text in (("text_en", text_en), ("text_fr", text_fr))}
    written, _made = SiteText.objects.update_or_create(kind=kind, defaults=texts | {"changed_at": at})
    forget_site()
    return written


def _checked_text(name: str, text: str) -> str:
    try:
        return limited_text(text, MAX_TEXT)
    except InvalidSettingError as error:
        raise SettingError(str(error), name) from error


def _locked_row() -> SiteSettings:
    row, _made = SiteSettings.objects.get_or_create(pk=1)
    return SiteSettings.objects.select_for_update().get(pk=row.pk)


def _save(row: SiteSettings, values: Arguments) -> SiteSettings:
    row.values = values
    row.save()
    forget_site()
    return row
