"""A proxy of our own on this machine."""

import asyncio
import base64
import threading
from collections.abc import Mapping
from contextlib import closing
from typing import Self
from urllib.parse import urlsplit

from tests.streams import pass_on


class SmallProxy:
    """An HTTP proxy, which knows hosts that no name server does, and tunnels to them where it is asked to.

    Attributes:
        login: what it wants, as `user:password`; empty for nothing.
        asked: the absolute addresses, and what else it was asked for.
    """

    def __init__(self, hosts: Mapping[str, int]) -> None:
        self._hosts = hosts
        self.login = ""
        self.asked: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        started = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop
        )
        self._server = started.result(5)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip().split("\r\n")
        method, target, _version = first.split(" ")
        self.asked.append(target)
        headers = dict(line.lower().split(": ", 1) for line in lines)
        logins = [line.partition(": ")[2] for line in lines if line.startswith("Proxy-Authorization")]
        if self.login and logins != [f"Basic {base64.b64encode(self.login.encode()).decode()}"]:
            writer.write(
                b'HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm="the office"\r\n'
                b"Content-Length: 0\r\nConnection: close\r\n\r\n"
            )
            await writer.drain()
            return
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        port = self._hosts.get(parts.hostname or "")
        if port is None:
            writer.write(b"HTTP/1.1 502 Unknown host\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Go on\r\n\r\n")
            from_site, to_site = await asyncio.open_connection("127.0.0.1", port)
            with closing(to_site):
                await asyncio.gather(pass_on(reader, to_site), pass_on(from_site, writer))
            return
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        kept = [line for line in lines if not line.lower().startswith(("proxy-", "connection"))]
        path = parts._replace(scheme="", netloc="").geturl()
        request = "\r\n".join([f"{method} {path} HTTP/1.1", *kept, "Connection: close", "", ""])
        from_site, to_site = await asyncio.open_connection("127.0.0.1", port)
        with closing(to_site):
            to_site.write(request.encode("latin-1") + body)
            await to_site.drain()
            while part := await from_site.read(65_536):
                writer.write(part)
                await writer.drain()
