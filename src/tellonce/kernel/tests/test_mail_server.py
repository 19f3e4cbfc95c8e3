"""The address of the mail server: what it takes, and what it refuses."""

import pytest

from tellonce.kernel.environment import BadSettingError
from tellonce.kernel.mail_server import SmtpServer, read_smtp_url


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mx.example.net", SmtpServer(host="mx.example.net", port=587, starttls=True)),
        ("smtp://localhost:25", SmtpServer(host="localhost", port=25)),
        ("smtp://127.0.0.1:25?starttls=1", SmtpServer(host="127.0.0.1", port=25, starttls=True)),
        ("smtps://u%40x:p%2Fw@mx:465", SmtpServer(host="mx", port=465, user="u@x", password="p/w", is_tls=True)),
    ],
)
def test_what_it_takes(url: str, server: SmtpServer) -> None:
    assert read_smtp_url(url) == server


@pytest.mark.parametrize("url", ["mx.example.net", "http://mx", "smtp://", "smtp://mx:99999"])
def test_what_it_refuses_by_name(url: str) -> None:
    with pytest.raises(BadSettingError, match="TELLONCE_SMTP_URL"):
        read_smtp_url(url)


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(read_smtp_url("smtp://user:secret@mx"))
