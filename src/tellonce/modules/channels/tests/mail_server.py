"""A mail server inside the test, over a real socket, which can be told to refuse."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Catcher:
    """What arrived; `refuse_rcpt` and `refuse_data` are answers to give instead, e.g. "451 4.7.1 try later"."""

    port: int = 0
    refuse_rcpt: str = ""
    refuse_data: str = ""
    rude: bool = False
    holds: threading.Event | None = None  # where set, the server does not answer to a mail until then
    has_mail: threading.Event = field(default_factory=threading.Event)
    mails: list[EmailMessage] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    catcher: Catcher


class _Talk(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self._say("220 here")
        for line in self.rfile:
            if not self._answer(line.strip().upper()):
                return

    def _answer(self, line: bytes) -> bool:
        catcher = self.server.catcher
        if line.startswith(b"RCPT"):
            self._say(catcher.refuse_rcpt or "250 ok")
        elif line == b"DATA":
            self._data(catcher)
        elif line == b"QUIT":
            self._say("421 go away" if catcher.rude else "221 bye")
            return False
        else:
            self._say("250 ok")
        return True

    def _data(self, catcher: Catcher) -> None:
        if catcher.refuse_data:
            self._say(catcher.refuse_data)
            return
        self._say("354 go on")
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b"..") else line)
        catcher.has_mail.set()
        if catcher.holds is not None:
            catcher.holds.wait(30)
            return
        catcher.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self._say("250 taken")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[Catcher]:
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.catcher = Catcher(port=server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.catcher
        server.shutdown()
        thread.join()
