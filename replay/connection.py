"""The connection under a request, so that an answer can be broken off as networks break them off."""

import asyncio
import socket
import struct

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

IN_SCOPE = "replay.connection"


class Connection:
    """What can be done to a client's TCP connection beside answering."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._socket = transport.get_extra_info("socket")
        # asyncio sets this only on sockets made with an explicit protocol number. Without it the last byte of
        # every fifth answer waits 40 ms for the client to acknowledge those before.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stopping = False

    @property
    def lost(self) -> bool:
        """Whether the client has gone, or the server is going."""
        return self.stopping or self._transport.is_closing()

    def reset(self) -> None:
        """Break it off with RST; what was not sent yet is lost."""
        # A linger time of zero is what makes the kernel send RST where it would send FIN.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def close(self) -> None:
        """End it in the ordinary way after what was sent."""
        self._transport.close()


class ConnectionInScope(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, with the connection in every request's scope."""

    connection: Connection | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        connection = self.connection = Connection(transport)
        app = self.app

        async def with_connection(scope: Scope, receive: Receive, send: Send) -> None:
            scope[IN_SCOPE] = connection
            await app(scope, receive, send)

        self.app = with_connection

    def shutdown(self) -> None:
        # A hanging answer would keep the server from stopping: uvicorn waits for it.
        if self.connection:
            self.connection.stopping = True
        super().shutdown()


def connection_of(scope: Scope) -> Connection:
    """The connection that a request came over.

    Raises:
        RuntimeError: another server than `LocalServer` serves the application.
    """
    connection: Connection | None = scope.get(IN_SCOPE)
    if connection is None:
        raise RuntimeError("a fault of the connection needs replay.serving.LocalServer to serve the site")
    return connection
