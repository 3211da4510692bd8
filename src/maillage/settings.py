"""Settings of the site. What an installation may change comes from the environment; README lists the variables."""

import os
from pathlib import Path

import pghistory
from django.utils.translation import gettext_lazy as _

from maillage.database.location import data_folder, database_settings, secret_key
from maillage.files.storage_settings import storage_settings
from maillage.notifications.inbox_settings import inbox_settings
from maillage.people.mail import default_sender, mail_settings
from maillage.people.oidc_settings import oidc_provider_settings
from maillage.site.environment import environment_settings

PACKAGE = Path(__file__).parent
DATA = data_folder()

SECRET_KEY = secret_key(DATA)
DEBUG = os.environ.get("MAILLAGE_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("MAILLAGE_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
SITE_URL = os.environ.get("MAILLAGE_URL", "http://127.0.0.1:8000")

# Keys of the organisations whose ecosystem the site shows; empty for those that officers have chosen.
SHOWN_ORGANISATIONS = tuple(filter(None, os.environ.get("MAILLAGE_SHOWN", "").replace(" ", "").split(",")))

# Settings of the site that the environment sets: they take precedence over those of officers.
SITE_ENVIRONMENT = environment_settings(os.environ)

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
    "maillage.core",
    "maillage.site",
    "maillage.search",
    "maillage.files",
    "maillage.notifications",
    "maillage.workflow",
    "maillage.people",
    "maillage.register",
    "maillage.desk",
    "maillage.offers",
    "maillage.proposals",
    "maillage.projects",
    "maillage.labels",
    "maillage.calls",
    "maillage.charter",
    "maillage.reviews",
    "maillage.label_agreements",
    "maillage.partnerships",
    "maillage.clinical",
    "maillage.ventures",
    "maillage.community",
    "maillage.publishing",
    "maillage.api",
    "maillage.api.webhooks",
    "maillage.web",
    # After the rooms, whose templates and translations take precedence.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
SOCIALACCOUNT_PROVIDERS = oidc_provider_settings(os.environ)
if SOCIALACCOUNT_PROVIDERS:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "maillage.web.middleware.SecurityHeadersMiddleware",
    "maillage.web.middleware.LeadingSlashesMiddleware",
    "maillage.api.middleware.ApiProblemsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "maillage.web.middleware.OfferedLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "maillage.web.middleware.AsOfMiddleware",
    "maillage.web.fragments.FragmentMiddleware",
    "maillage.web.desk.header_count.DeskCountMiddleware",
    "maillage.web.mandate_choice.FormMandateMiddleware",
    "maillage.web.mandate_choice.MandateChoiceMiddleware",
    "maillage.web.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "maillage.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["maillage.web.templatetags.form_mandate"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "maillage.web.context_processors.page_context",
            ],
        },
    }
]

DATABASES = {"default": database_settings(DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
LOGIN_URL = "sign-in"
CSRF_FAILURE_VIEW = "maillage.web.error_views.form_expired"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"

# Attempts to sign in are counted in the database, which all processes share.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "people_cache"}}

# Signing in. There is no sign-up: persons are invited, or an officer creates their account.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "maillage.people.sign_in.AccountAdapter"
ACCOUNT_FORMS = {"login": "maillage.web.people.forms.SignInForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# An address comes from an officer or an invitation sent to it; a new one must be confirmed before it replaces it.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Otherwise anyone could have the site send mail to any address.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": "30/m/ip,5/15m/key",
    "sent_without_account": "20/h/ip",
    "mailed_to_contact": "10/d/key",
    "proposed_without_account": "20/d/ip,10/d/key",
    "proposed_by_person": "100/d/key",
}
# Number of trusted proxies, whose headers give the client's address and the scheme; without any they are ignored.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("MAILLAGE_PROXIES", "0"))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None

MFA_ADAPTER = "maillage.people.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Browsers accept only the loopback interface as a secure origin without TLS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE_URL.startswith(("http://localhost", "http://127.0.0.1"))
# An officer without a second factor is "asked" to set one up, or it is "required" before anything else.
SECOND_FACTOR = os.environ.get("MAILLAGE_SECOND_FACTOR", "asked")

SOCIALACCOUNT_ADAPTER = "maillage.people.oidc_adapter.OidcAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_LOGIN_ON_GET = True


# The triggers of the history follow from the models: installed after each `migrate`, they take no part in migrations.
PGTRIGGER_MIGRATIONS = False
PGTRIGGER_INSTALL_ON_MIGRATE = True
# Events are written once per statement, not once per row: a load of 50,000 organisations stays a handful of inserts.
PGHISTORY_CREATED_AT_FUNCTION = "CLOCK_TIMESTAMP()"
# No index: events are looked up by `id` and moment, which is equivalent.
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
    "files": storage_settings(os.environ.get("MAILLAGE_FILES_S3", ""), DATA),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Uploads are written here first, on the disk of the stored files, so that they can be renamed into place.
FILES_INCOMING = DATA / "files" / "incoming"
FILES_MAX_BYTES = int(os.environ.get("MAILLAGE_FILE_MB", "50")) * 1024 * 1024

# Days for which the queue keeps an ended job. On 2026-11-27: two weeks, so that a failure over a holiday can still be
# looked into; the periodic jobs of an idle site leave some 20,000 rows in that time.
JOB_RETENTION_DAYS = int(os.environ.get("MAILLAGE_JOB_DAYS", "14"))

# Requests to the API that one client may make in a minute, for each process of the site; 0 sets no limit.
API_PER_MINUTE = int(os.environ.get("MAILLAGE_API_PER_MINUTE", "1200"))

# Hosts of the internal network to which webhooks may be sent; all others must be public.
WEBHOOK_HOSTS = frozenset(filter(None, os.environ.get("MAILLAGE_WEBHOOK_HOSTS", "").split(",")))

# Without the URL of a mail server, mails are written to the folder `mail` of the data folder.
EMAIL = mail_settings(os.environ.get("MAILLAGE_SMTP_URL", ""), DATA)
EMAIL_BACKEND, EMAIL_FILE_PATH, EMAIL_TIMEOUT = EMAIL.backend, EMAIL.folder, 30
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL.host, EMAIL.port, EMAIL.user, EMAIL.password
EMAIL_USE_SSL, EMAIL_USE_TLS = EMAIL.ssl, EMAIL.starttls
# The mailbox to which mails of conversations are answered; without one, answers are written on the site.
INBOX = inbox_settings(os.environ.get("MAILLAGE_INBOX", ""))
DEFAULT_FROM_EMAIL = default_sender(SITE_URL)

# A need may be a long text; a larger request is refused before it is read into memory.
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
# A page of a sheet sends the refused cells of its hundred rows together.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
if SITE_URL.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    # HSTS is set for this host only; subdomains and the preload list are for the owner of the domain to decide.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
