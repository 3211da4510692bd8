"""Settings of the site. Everything a place may change comes from the environment; README lists the names."""

import os
from pathlib import Path

import pghistory
from django.utils.translation import gettext_lazy as _

from maillage.database.location import data_folder, database_settings, secret_key

PACKAGE = Path(__file__).parent
DATA = data_folder()

SECRET_KEY = secret_key(DATA)
DEBUG = os.environ.get("MAILLAGE_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("MAILLAGE_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
SITE_URL = os.environ.get("MAILLAGE_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "maillage.kernel",
    "maillage.people",
    "maillage.register",
    "maillage.offers",
    "maillage.labels",
    "maillage.clinical",
    "maillage.ventures",
    "maillage.community",
    "maillage.publishing",
    "maillage.api",
    "maillage.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "maillage.web.middleware.SecurityHeaders",
    "maillage.api.middleware.Problems",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "maillage.web.middleware.ReadAt",
]

ROOT_URLCONF = "maillage.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "maillage.web.context.page",
            ],
        },
    }
]

DATABASES = {"default": database_settings(DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
LOGIN_URL = "sign-in"
CSRF_FAILURE_VIEW = "maillage.web.refusals.form_expired"
LOGIN_REDIRECT_URL = "/"

# Events are written once per statement, not once per row: a load of 50,000 organisations stays a handful of inserts.
PGHISTORY_CREATED_AT_FUNCTION = "CLOCK_TIMESTAMP()"
# Events are found by `id`, with the moment, which says the same.
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_index=False)

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
TIME_ZONE = os.environ.get("MAILLAGE_TIME_ZONE", "Europe/Paris")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# A need may be a long text; anything larger than this is refused with a clear page, not read into memory.
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024

SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
if SITE_URL.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
