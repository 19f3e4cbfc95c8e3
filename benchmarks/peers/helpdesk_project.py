"""Settings of a Django project around django-helpdesk; runs in an environment of its own, not in ours."""

import os
from urllib.parse import urlsplit

DATABASE = urlsplit(os.environ["PEER_DATABASE_URL"])

SECRET_KEY = "peer"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
SITE_ID = 1
HELPDESK_TEAMS_MODEL = "auth.User"
HELPDESK_TEAMS_MIGRATION_DEPENDENCIES: list[tuple[str, str]] = []
HELPDESK_KBITEM_TEAM_GETTER = lambda _: None
STATIC_URL = "static/"
ROOT_URLCONF = "helpdesk_urls"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sites",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "rest_framework",
    "helpdesk",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE.path.lstrip("/"),
        "USER": DATABASE.username or "",
        "PASSWORD": DATABASE.password or "",
        "HOST": os.environ.get("PEER_DATABASE_HOST") or DATABASE.hostname or "",
        "PORT": str(DATABASE.port or ""),
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8}},
    }
}
