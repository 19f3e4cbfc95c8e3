"""Every setting of an installation, read once from the environment; a bad value is refused by name."""

import contextlib
import ipaddress
import os
import re
import secrets
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import phonenumbers
import platformdirs

from tellonce.audio.ice import Ice
from tellonce.config.ice import read_ice
from tellonce.kernel.environment import BadSettingError, Environment

LANGUAGES = ("en", "es")
PHONES = ("none", "embedded", "asterisk")
DEMO_MARK = "demo.json"


@dataclass(frozen=True, slots=True)
class Setup:
    """The settings of this installation. `database_url` is empty for the embedded database under `home`."""

    home: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    demo: bool
    debug: bool
    listen: str
    port: int
    live_port: int
    audio_port: int
    audio_processes: int
    web_workers: int
    web_threads: int
    origin: str
    allowed_hosts: tuple[str, ...]
    language: str
    time_zone: str
    country: str
    dialled_countries: tuple[str, ...]
    never_dialled: tuple[str, ...]
    currency: str
    provider: str
    pool_size: int
    smtp_url: str = field(repr=False)
    mail_from: str
    live_origin: str
    audio_origin: str
    oidc_name: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_secret: str = field(repr=False)
    metrics_token: str = field(repr=False)
    phone: str
    ice: Ice
    bills_checked_at: time | None
    behind_tls: bool

    @property
    def audio_origins(self) -> tuple[str, ...]:
        """Where browsers find each process of the browser's phone; empty where a proxy has them on the pages' own."""
        if not self.audio_origin:
            return ()
        parts = urlsplit(self.audio_origin)
        if parts.port is None:
            return (self.audio_origin,) * self.audio_processes
        host = f"{parts.scheme}://{parts.hostname}"
        return tuple(f"{host}:{parts.port + number}" for number in range(self.audio_processes))

    @property
    def attachments(self) -> Path:
        """Where the bytes of attachments are kept."""
        return self.home / "attachments"


def default_home() -> Path:
    """/var/lib/tellonce for root, the platform's user data folder for anybody else."""
    return Path("/var/lib/tellonce") if os.geteuid() == 0 else Path(platformdirs.user_data_dir("tellonce"))


def read_setup(values: Mapping[str, str]) -> Setup:
    """The settings in `values`; BadSettingError names the first that cannot be used."""
    environment = Environment(values)
    home = Path(environment.text("TELLONCE_HOME", default=str(default_home()))).expanduser().absolute()
    port = environment.whole("TELLONCE_PORT", default=8460, least=1, most=65534)
    origin = _origin(environment, "TELLONCE_ORIGIN", default=f"http://localhost:{port}")
    host = urlsplit(origin).hostname or ""
    is_demo = _is_demo(environment, home)
    country = _letters(environment, "TELLONCE_COUNTRY", default="US", count=2)
    return Setup(
        home=home,
        database_url=_database_url(environment),
        secret_key=environment.values.get("TELLONCE_SECRET_KEY", "") or _kept_secret(home),
        demo=is_demo,
        debug=environment.flag("TELLONCE_DEBUG", default=False),
        listen=_listen(environment),
        port=port,
        live_port=environment.whole("TELLONCE_LIVE_PORT", default=port + 1, least=1, most=65535),
        audio_port=environment.whole("TELLONCE_AUDIO_PORT", default=min(port + 2, 65535), least=1, most=65535),
        audio_processes=environment.whole("TELLONCE_AUDIO_PROCESSES", default=1, least=1, most=64),
        web_workers=environment.whole("TELLONCE_WEB_WORKERS", default=min(os.cpu_count() or 1, 4), least=1, most=64),
        web_threads=environment.whole("TELLONCE_WEB_THREADS", default=4, least=1, most=64),
        origin=origin,
        allowed_hosts=environment.words("TELLONCE_HOSTS", default=(host, "localhost", "127.0.0.1")),
        language=environment.choice("TELLONCE_LANGUAGE", default="en", among=LANGUAGES),
        time_zone=_time_zone(environment),
        country=country,
        dialled_countries=_countries(environment, "TELLONCE_DIALLED_COUNTRIES", default=(country,)),
        never_dialled=_full_numbers(environment, "TELLONCE_NEVER_DIALLED"),
        currency=_letters(environment, "TELLONCE_CURRENCY", default="USD", count=3),
        provider=environment.text("TELLONCE_PROVIDER", default="Tellonce"),
        pool_size=environment.whole("TELLONCE_POOL_SIZE", default=8, least=1, most=200),
        smtp_url=_smtp_url(environment),
        mail_from=_mail_from(environment, default=f"care@{host}"),
        live_origin=_origin(environment, "TELLONCE_LIVE_ORIGIN", default=""),
        audio_origin=_origin(environment, "TELLONCE_AUDIO_ORIGIN", default=""),
        oidc_name=environment.text("TELLONCE_OIDC_NAME", default=""),
        oidc_issuer=_issuer(environment),
        oidc_client_id=environment.text("TELLONCE_OIDC_CLIENT_ID", default=""),
        oidc_secret=environment.text("TELLONCE_OIDC_SECRET", default=""),
        metrics_token=environment.text("TELLONCE_METRICS_TOKEN", default=""),
        phone=environment.choice("TELLONCE_PHONE", default="none", among=PHONES),
        ice=read_ice(environment),
        bills_checked_at=_time_of_day(environment, "TELLONCE_BILLS_CHECKED_AT", default="off" if is_demo else "03:40"),
        behind_tls=origin.startswith("https://"),
    )


def _countries(environment: Environment, name: str, *, default: tuple[str, ...]) -> tuple[str, ...]:
    found = environment.words(name, default=default)
    for country in found:
        if country not in phonenumbers.SUPPORTED_REGIONS:
            raise BadSettingError(f"{name}: {country!r} is no country; write two letters each, as in US,CA.")
    return found


def _full_numbers(environment: Environment, name: str) -> tuple[str, ...]:
    found = environment.words(name, default=())
    for number in found:
        if not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
            raise BadSettingError(f"{name}: {number!r} is no full number; write each as +15035550100.")
    return found


def _is_demo(environment: Environment, home: Path) -> bool:
    """In the demo anybody signs in as anybody: never over a home or a database that may hold real data."""
    is_demo = environment.flag("TELLONCE_DEMO", default=False)
    if is_demo and (environment.text("DATABASE_URL", default="") or not (home / DEMO_MARK).is_file()):
        raise BadSettingError(f"TELLONCE_DEMO is set, but {home} holds no demo: use `tellonce demo`, or unset it.")
    return is_demo


def _origin(environment: Environment, name: str, *, default: str) -> str:
    """Scheme, host and port, and nothing behind them; an empty default stands for the pages' own."""
    value = environment.text(name, default=default).rstrip("/")
    parts = urlsplit(value)
    is_plain = parts.scheme in {"http", "https"} and parts.hostname and not (parts.path or parts.query)
    if value and not is_plain:
        raise BadSettingError(f"{name}={value!r} is not an origin; use one like https://care.example.net.")
    return value


def _listen(environment: Environment) -> str:
    value = environment.text("TELLONCE_LISTEN", default="127.0.0.1")
    if not re.fullmatch(r"[0-9A-Za-z.:-]+", value) or (":" in value and not _is_address(value)):
        raise BadSettingError(f"TELLONCE_LISTEN={value!r} is no address of this machine, as in 127.0.0.1 or ::1.")
    return value


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def _mail_from(environment: Environment, *, default: str) -> str:
    value = environment.text("TELLONCE_MAIL_FROM", default=default)
    _name, address = parseaddr(value)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        raise BadSettingError(f"TELLONCE_MAIL_FROM={value!r} is no mail address, as in care@example.net.")
    return value


def _issuer(environment: Environment) -> str:
    """Where the company signs in; half a configuration would show a way in that leads nowhere."""
    value = environment.text("TELLONCE_OIDC_ISSUER", default="")
    client_id = environment.text("TELLONCE_OIDC_CLIENT_ID", default="")
    if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
        raise BadSettingError(f"TELLONCE_OIDC_ISSUER={value!r} is no address, as in https://id.example.net/realm.")
    if bool(value) != bool(client_id):
        raise BadSettingError("TELLONCE_OIDC_ISSUER and TELLONCE_OIDC_CLIENT_ID belong together: set both, or neither.")
    return value


def _letters(environment: Environment, name: str, *, default: str, count: int) -> str:
    value = environment.text(name, default=default).upper()
    if len(value) != count or not value.isascii() or not value.isalpha():
        raise BadSettingError(f"{name}={value!r} is not a code of {count} letters, as in {default}.")
    return value


def _time_zone(environment: Environment) -> str:
    value = environment.text("TELLONCE_TIME_ZONE", default="UTC")
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadSettingError(f"TELLONCE_TIME_ZONE={value!r} is not a time zone, as in America/Denver.") from error
    return value


def _time_of_day(environment: Environment, name: str, *, default: str) -> time | None:
    """A time like 03:40; None for `off`."""
    value = environment.text(name, default=default)
    if value == "off":
        return None
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        raise BadSettingError(f"{name}={value!r} is not a time of day, as in 03:40, and not off.")
    return time.fromisoformat(value)


def _smtp_url(environment: Environment) -> str:
    value = environment.text("TELLONCE_SMTP_URL", default="")
    if value and (urlsplit(value).scheme not in {"smtp", "smtps"} or not urlsplit(value).hostname):
        raise BadSettingError("TELLONCE_SMTP_URL is not like smtp://user:password@mail.example.net:587.")
    return value


def _database_url(environment: Environment) -> str:
    url = environment.text("DATABASE_URL", default="")
    if url and urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise BadSettingError("DATABASE_URL must begin with postgresql:// ; other databases are not supported.")
    return url


def _kept_secret(home: Path) -> str:
    """The secret under the home; made at first use, whole at once, readable by its owner only."""
    path = home / "secret_key"
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            unfinished = home / f".secret_key.{os.getpid()}"
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
            with contextlib.suppress(FileExistsError):  # another process was first: its secret counts
                os.link(unfinished, path)
            unfinished.unlink()
        return path.read_text()
    except OSError as error:
        raise BadSettingError(f"TELLONCE_HOME={home} cannot be used ({error.strerror}).") from error
