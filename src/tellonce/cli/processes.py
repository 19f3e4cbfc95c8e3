"""How each process of an installation is run."""

import http.client
import multiprocessing
import os
import socket
import sys
import tempfile
from urllib.parse import urlsplit

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer as Granian

from tellonce.config.setup import Setup
from tellonce.kernel.errors import DomainError


class PortTakenError(DomainError):
    """Another program listens where we want to."""

    code = "port_taken"


def own_command(*words: str) -> list[str]:
    """The command line that runs one of our own commands in another process."""
    return [sys.executable, "-m", "tellonce.cli", *words]


def refuse_taken(listen: str, port: int) -> None:
    """PortTakenError when this port cannot be listened on."""
    family = socket.AF_INET6 if ":" in listen else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listen, port))
        except OSError as error:
            raise PortTakenError(
                f"Port {port} at {listen} cannot be used ({error.strerror}). "
                "Choose another with --port or TELLONCE_PORT."
            ) from error


def live_origin(settings: Setup) -> str:
    """Where browsers find the live streams: behind TLS a proxy serves them from the pages' own origin."""
    return "" if settings.behind_tls else f"http://{urlsplit(settings.origin).hostname}:{settings.live_port}"


def audio_origin(settings: Setup) -> str:
    """Where browsers find the first process of their phones, likewise."""
    return "" if settings.behind_tls else f"http://{urlsplit(settings.origin).hostname}:{settings.audio_port}"


def answers(settings: Setup) -> bool:
    """Whether the pages answer."""
    host = "127.0.0.1" if settings.listen == "0.0.0.0" else settings.listen  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": settings.allowed_hosts[0]})
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def run_web(settings: Setup) -> None:
    """The pages, until a signal comes."""
    multiprocessing.set_start_method("spawn")  # each process reads where to count when it starts
    with tempfile.TemporaryDirectory(prefix="tellonce-metrics-") as figures:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = figures  # where the processes of the pages count together
        _web_server(settings).serve()


def _web_server(settings: Setup) -> Granian:
    return Granian(
        "tellonce.config.wsgi:application",
        address=settings.listen,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.web_workers,
        blocking_threads=settings.web_threads,
        backpressure=256,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
        websockets=False,
    )
