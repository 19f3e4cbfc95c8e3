"""How a mail leaves the house: by SMTP, or not at all (the demo, and an installation without a mail server)."""

import contextlib
import smtplib
import ssl
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Protocol

from django.utils.translation import gettext

from tellonce.kernel.mail_server import SmtpServer, read_smtp_url
from tellonce.modules.channels.contracts import Answer, Letter, Outcome

_TIMEOUT_S = 20
_TEMPORARY = range(400, 500)


class Transport(Protocol):
    """Takes a letter and says what became of it; never raises for what a mail server says."""

    @property
    def name(self) -> str:
        """What a sent mail says of how it left."""
        ...

    def send(self, letter: Letter) -> Outcome:
        """One attempt."""
        ...


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """Hands letters to a mail server; "taken" means that the server took responsibility for it, and no more."""

    server: SmtpServer
    mail_from: str
    provider: str
    name: str = "smtp"

    def send(self, letter: Letter) -> Outcome:
        """One attempt; errors of the server or the line are told apart into not now and never."""
        try:
            message = self._message(letter)
        except (MessageError, ValueError):
            return Outcome(Answer.NEVER, gettext("the mail address cannot be used"))
        try:
            self._hand_in(message, to=letter.to)
        except (smtplib.SMTPException, OSError) as error:
            return _outcome_of(error, letter)
        return Outcome(Answer.TAKEN)

    def _hand_in(self, message: EmailMessage, *, to: str) -> None:
        client = self._connected()
        try:
            client.send_message(message, from_addr=self.mail_from, to_addrs=[to])
        finally:
            # The mail is taken (or not) by now: a rude goodbye must not look like a mail that was not taken.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                client.quit()
            client.close()

    def _connected(self) -> smtplib.SMTP:
        server = self.server
        if server.is_tls:
            context = ssl.create_default_context()
            client: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT_S, context=context)
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_S)
        try:
            if server.starttls:
                client.starttls(context=ssl.create_default_context())
            if server.user:
                client.login(server.user, server.password)
        except BaseException:
            client.close()
            raise
        return client

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SMTP_POLICY)
        message["From"] = Address(display_name=self.provider, addr_spec=self.mail_from)
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = " ".join(letter.subject.split())
        message["Date"] = format_datetime(letter.written_at)
        message["Message-ID"] = letter.message_id
        message.set_content(letter.body)
        return message


@dataclass(frozen=True, slots=True)
class DemoTransport:
    """Keeps mails in the database, where the demo shows them; nothing leaves the house, and its note says so."""

    name: str = "demo"

    def send(self, letter: Letter) -> Outcome:
        """Always taken."""
        return Outcome(Answer.TAKEN, gettext("demo: kept here to be shown, no mail left the house"))


@dataclass(frozen=True, slots=True)
class NoTransport:
    """An installation without a mail server: every letter becomes a promise for a person."""

    name: str = "none"

    def send(self, letter: Letter) -> Outcome:
        """Never taken."""
        return Outcome(Answer.NEVER, gettext("no mail server is set up"))


def transport_for(*, smtp_url: str, mail_from: str, provider: str, demo: bool) -> Transport:
    """SMTP where a server is named; otherwise the demo's, or none."""
    if smtp_url:
        return SmtpTransport(server=read_smtp_url(smtp_url), mail_from=mail_from, provider=provider)
    return DemoTransport() if demo else NoTransport()


def _outcome_of(error: smtplib.SMTPException | OSError, letter: Letter) -> Outcome:
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, text = next(iter(error.recipients.values()))
            return _refused(code, text, letter)
        case smtplib.SMTPAuthenticationError():  # our own mistake, which somebody will put right
            return Outcome(Answer.LATER, f"{error.smtp_code} AUTH")
        case smtplib.SMTPResponseException():
            return _refused(error.smtp_code, error.smtp_error, letter)
        case smtplib.SMTPNotSupportedError():
            return Outcome(Answer.NEVER, _plain(str(error), letter))
        case _:
            return Outcome(Answer.LATER, type(error).__name__)


def _refused(code: int, text: bytes | str, letter: Letter) -> Outcome:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    answer = Answer.LATER if code in _TEMPORARY else Answer.NEVER
    return Outcome(answer, _plain(f"{code} {said}", letter))


def _plain(text: str, letter: Letter) -> str:
    """What the server said, in one line, without the customer's address."""
    return " ".join(text.replace(letter.to, "…").split())[:200]
