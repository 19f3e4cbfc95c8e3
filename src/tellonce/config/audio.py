"""Runs the processes of the browser's phone with plain values from this installation's settings."""

import psycopg

from tellonce.audio import server
from tellonce.audio.app import AudioSettings
from tellonce.audio.line import User, UserOf
from tellonce.config.databases import connection_string
from tellonce.config.phones import gateway_of
from tellonce.config.setup import Setup
from tellonce.kernel.errors import DomainError

_KNOWN_AFTER_S = 6.0
"""The switchboard looks every five seconds who may sign in; who tries before would be taken for a stranger."""

_PHONE = (
    'SELECT "user", ha1, extract(epoch FROM made_at)::float8 FROM phone_browserphone WHERE person_id = %s AND is_on'
)


class NoGatewayError(DomainError):
    """There is no phone gateway for browsers to ring at."""

    code = "no_gateway"


def run(setup: Setup, number: int) -> None:
    """Serves the browser's phones of this number until a signal comes. NoGatewayError."""
    if setup.phone != "embedded":
        raise NoGatewayError("The phone in the browser needs the embedded phone gateway: set TELLONCE_PHONE=embedded.")
    if not 0 <= number < setup.audio_processes:
        raise NoGatewayError(
            f"There are {setup.audio_processes} audio processes (TELLONCE_AUDIO_PROCESSES), from 0 on."
        )
    server.run(audio_settings(setup, number), user_of(connection_string(setup)))


def audio_settings(setup: Setup, number: int) -> AudioSettings:
    """What an audio process needs to know of this installation."""
    folder = setup.home / "phone"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return AudioSettings(
        conninfo=connection_string(setup),
        secret=setup.secret_key,
        gateway=gateway_of(setup),
        file=folder / f"browsers-{number}.json",
        origins=(setup.origin,),
        host=setup.listen,
        port=setup.audio_port + number,
        number=number,
        of=setup.audio_processes,
        ice=setup.ice,
        metrics_token=setup.metrics_token,
    )


def user_of(conninfo: str) -> UserOf:
    """How the phones of people in the browser sign in, asked of the database each time."""

    async def _user_of(person: int) -> User | None:
        connection = await psycopg.AsyncConnection.connect(conninfo, connect_timeout=5)
        async with connection:
            found = await (await connection.execute(_PHONE, (person,))).fetchone()
        return User(found[0], found[1], found[2] + _KNOWN_AFTER_S) if found else None

    return _user_of
