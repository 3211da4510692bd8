"""Settings of the site that the environment sets: they take precedence over those of officers."""

from collections.abc import Mapping

from django.conf import settings

from maillage.errors import MaillageError

# Each setting with its variable.
VARIABLES = {
    "name_en": "MAILLAGE_NAME_EN",
    "name_fr": "MAILLAGE_NAME_FR",
    "languages": "MAILLAGE_LANGUAGES",
    "contact_mail": "MAILLAGE_CONTACT",
    "sender": "MAILLAGE_MAIL_FROM",
    "colour": "MAILLAGE_COLOUR",
    "dark_colour": "MAILLAGE_DARK_COLOUR",
    "requester_years": "MAILLAGE_REQUESTER_YEARS",
}


def environment_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """The settings that the environment sets, as texts by name."""
    return {name: environ[variable] for name, variable in VARIABLES.items() if environ.get(variable, "").strip()}


def locked_variable(name: str) -> str:
    """The variable that sets a setting; empty where the environment leaves it to officers."""
    return VARIABLES[name] if name in settings.SITE_ENVIRONMENT else ""


def check_environment() -> None:
    """Raise `MaillageError` for a setting of the environment that is not valid."""
    from maillage.site.site_values import InvalidSettingError, checked_values

    try:
        checked_values(settings.SITE_ENVIRONMENT)
    except InvalidSettingError as error:
        raise MaillageError(f"{VARIABLES[error.field]}: {error}") from error
