"""A door with a certificate in front of a plain store: the store that the tests run on knows no TLS."""

import asyncio
import ssl
import threading
from typing import Self

from tests.streams import pass_on


class TlsDoor:
    """Passes on what comes in, decrypted, while the `with` block lasts.

    Args:
        port: of the store on this machine.
        context: with the door's certificate.
    """

    def __init__(self, port: int, context: ssl.SSLContext) -> None:
        self._store = port
        self._context = context
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="TLS door")
        self._open = threading.Event()
        self._closing = asyncio.Event()
        self.port = 0
        self.passed = 0
        """How many connections were let in."""

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._open.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(5)
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._pass_on())

    async def _pass_on(self) -> None:
        # What a client that trusts nobody breaks off is no error of the door's.
        self._loop.set_exception_handler(lambda *_: None)
        server = await asyncio.start_server(self._let_in, "127.0.0.1", 0, ssl=self._context)
        self.port = server.sockets[0].getsockname()[1]
        self._open.set()
        await self._closing.wait()
        server.close()

    async def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.passed += 1
        from_store, to_store = await asyncio.open_connection("127.0.0.1", self._store)
        await asyncio.gather(pass_on(reader, to_store), pass_on(from_store, writer))
