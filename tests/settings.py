"""The site's settings, lighter where a test gains time and loses nothing."""

from tests.data_folder import create_data_folder

create_data_folder()

from maillage.settings import *  # noqa: E402, F403

# For its command `flush`.
INSTALLED_APPS = [*INSTALLED_APPS, "tests"]  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Pages are tested without collecting the static files first.
STORAGES = {
    "files": STORAGES["files"],  # noqa: F405
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# Tests ask more than any client.
API_PER_MINUTE = 0
