"""The connection below an answer: where a stream's events are written, and how much of them waits."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

TRANSPORT = "transport"


class StreamingProtocol(H11Protocol):
    """uvicorn's HTTP, which also tells the application the transport of its connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn declares it
        super().connection_made(transport)
        self.app_state = {**self.app_state, TRANSPORT: transport}


class TransportPipe:
    """Writes parts of an answer's body, framed as the head of the answer has announced (chunked in HTTP/1.1)."""

    def __init__(self, transport: asyncio.Transport, *, is_chunked: bool) -> None:
        self._transport = transport
        self._is_chunked = is_chunked

    def write(self, data: bytes) -> None:
        """Hands bytes to the network, or keeps them until it takes them; nothing once the connection closes."""
        if not self._transport.is_closing():
            self._transport.write(b"%x\r\n%b\r\n" % (len(data), data) if self._is_chunked else data)

    def waiting_bytes(self) -> int:
        """What the network has not taken yet."""
        return self._transport.get_write_buffer_size()

    def abort(self) -> None:
        """Drops the connection with what waits."""
        self._transport.abort()
