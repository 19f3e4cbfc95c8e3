"""Django's mail settings (sign-in links), from the address of the mail server."""

from typing import Any

from tellonce.config.setup import Setup
from tellonce.kernel.mail_server import read_smtp_url


def mail_settings(setup: Setup) -> dict[str, Any]:
    """The mail server of `TELLONCE_SMTP_URL`, or none; BadSettingError when it names none."""
    if not setup.smtp_url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    server = read_smtp_url(setup.smtp_url)
    return {
        "DEFAULT_FROM_EMAIL": setup.mail_from,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": server.host,
        "EMAIL_HOST_PASSWORD": server.password,
        "EMAIL_HOST_USER": server.user,
        "EMAIL_PORT": server.port,
        "EMAIL_TIMEOUT": 10,
        "EMAIL_USE_SSL": server.is_tls,
        "EMAIL_USE_TLS": server.starttls,
        "SERVER_EMAIL": setup.mail_from,
    }
