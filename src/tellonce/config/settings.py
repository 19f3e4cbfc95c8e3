"""Django's settings, from the one `Setup` of this process."""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

import tellonce
from tellonce.config import privacy
from tellonce.config.databases import database_from
from tellonce.config.logs import logging_settings
from tellonce.config.mail import mail_settings
from tellonce.config.permissions import MATRIX
from tellonce.config.setup import read_setup
from tellonce.config.sign_in import openid_connect, sign_in_settings

SETUP = read_setup(os.environ)

SECRET_KEY = SETUP.secret_key
DEBUG = SETUP.debug
ALLOWED_HOSTS = list(SETUP.allowed_hosts)
CSRF_TRUSTED_ORIGINS = [SETUP.origin]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "tellonce.webkit",
    "tellonce.modules.staff",
    "tellonce.modules.record",
    "tellonce.modules.care",
    "tellonce.modules.channels",
    "tellonce.modules.network",
    "tellonce.modules.billing",
    "tellonce.modules.field",
    "tellonce.modules.phone",
    "tellonce.modules.planning",
    "tellonce.intake",
    "tellonce.openapi",
    "tellonce.desk",
    "allauth",  # after ours: our templates stand before its own
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "tellonce.config.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "tellonce.modules.staff.web.headers.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tellonce.modules.staff.web.sessions.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tellonce.modules.staff.web.language.LanguageMiddleware",
    "tellonce.modules.staff.web.errors.DomainErrorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tellonce.modules.staff.web.gate.GateMiddleware",
]

ROOT_URLCONF = "tellonce.config.urls"
WSGI_APPLICATION = "tellonce.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tellonce.desk.shell.shell",
            ],
        },
    },
]

DATABASES = {"default": database_from(SETUP)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "tellonce_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},  # Django's 300 would forget lock-outs
    }
}

LOGGING = logging_settings()
PERSONAL_DATA = privacy.PERSONAL_DATA

AUTH_USER_MODEL = "staff.Person"
AUTHENTICATION_BACKENDS = ["tellonce.modules.staff.web.backends.SignInBackend"]
PERMISSION_MATRIX = MATRIX
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

globals().update(sign_in_settings(SETUP) | mail_settings(SETUP))
SOCIALACCOUNT_PROVIDERS = openid_connect(SETUP)

LANGUAGE_CODE = SETUP.language
LANGUAGES = [("en", "English"), ("es", "Español")]  # each by its own name, whatever is spoken now
LOCALE_PATHS = [Path(tellonce.__file__).parent / "locale"]
TIME_ZONE = SETUP.time_zone
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "tellonce.webkit.formats"
FORM_RENDERER = "tellonce.webkit.forms.KitRenderer"

STATIC_URL = "static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

SESSION_ENGINE = "tellonce.modules.staff.web.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SETUP.behind_tls
SECURE_SSL_REDIRECT = SETUP.behind_tls
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]  # asked from inside, without the proxy
SECURE_HSTS_SECONDS = 31_536_000 if SETUP.behind_tls else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SETUP.behind_tls
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SETUP.behind_tls else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "tellonce.modules.staff.web.errors.csrf_failed"
if SETUP.behind_tls:
    # The prefix makes browsers refuse the cookie from any other host, and over plain HTTP.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-tellonce", "__Host-csrf"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF, *([SETUP.live_origin] if SETUP.live_origin else []), *dict.fromkeys(SETUP.audio_origins)],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "report-uri": ["/csp-report"],
    },
}
