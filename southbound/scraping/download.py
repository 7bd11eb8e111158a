"""A file over plain HTTP, as a stream that can be left at any point: within a time, a size and one site."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

import httpx2

from southbound.common.errors import SiteChanged, SiteUnavailable
from southbound.common.host_names import host_and_port
from southbound.common.remark import remark
from southbound.common.text import one_line
from southbound.hkex.answer import check_status
from southbound.hkexnews.proxy import Proxy, UnusableProxy, proxy_for

MOST_BYTES = 64 * 2**20
"""Of any file; its reader stops long before."""

MOST_REDIRECTS = 3
CHUNK_BYTES = 2**16
CLOSING_SECONDS = 2.0
LONGEST_TOLD = 200

HEADERS = {
    "User-Agent": "southbound (a program; reads each file once)",
    # What is read is what was sent: nothing that grows when it is unpacked.
    "Accept-Encoding": "identity",
}

T = TypeVar("T")


@contextmanager
def download(url: str, seconds: float) -> Iterator[Iterator[bytes]]:
    """The parts of a file from its beginning. What is behind the last one that is taken is not asked for.

    Args:
        url: of the file.
        seconds: from the connection to the last part.

    Raises:
        NotPublished: 404.
        SiteRefuses: 401, 403 or 429.
        SiteUnavailable: no answer, none in time, or another status.
        SiteChanged: it leads to another site, is packed, or has no end.
    """
    what = one_line(url, LONGEST_TOLD)
    with asyncio.Runner() as runner:
        ends_at = runner.get_loop().time() + seconds
        exchange = _Exchange(url, what, ends_at, seconds)
        try:
            runner.run(_within(exchange.open(), ends_at))
            yield _parts(runner, exchange)
        except TimeoutError as error:
            raise SiteUnavailable(
                remark("{what}: not whole within {seconds} s", what=what, seconds=f"{seconds:g}")
            ) from error
        except UnusableProxy as error:
            raise SiteUnavailable(remark("{what}: {error}", what=what, error=error)) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            why = one_line(str(error) or type(error).__name__, LONGEST_TOLD)
            raise SiteUnavailable(remark("{what}: {why}", what=what, why=why)) from error
        finally:
            with suppress(TimeoutError, httpx2.HTTPError, OSError):
                runner.run(_within(exchange.close(), runner.get_loop().time() + CLOSING_SECONDS))


class _Exchange:
    """One request after the other, as far as the site leads."""

    def __init__(self, url: str, what: str, ends_at: float, seconds: float) -> None:
        self._url = url
        self._what = what
        self._seconds = seconds
        self.ends_at = ends_at
        self._client: httpx2.AsyncClient | None = None
        self._response: httpx2.Response | None = None
        self._chunks: AsyncIterator[bytes] | None = None

    async def open(self) -> None:
        url = self._url
        proxy = _proxy(url, os.environ)
        trust = _trust(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
        self._client = httpx2.AsyncClient(
            verify=trust, timeout=self._seconds, follow_redirects=False, trust_env=False, proxy=proxy
        )
        for _ in range(MOST_REDIRECTS + 1):
            request = self._client.build_request("GET", url, headers=HEADERS)
            self._response = await self._client.send(request, stream=True)
            if not self._response.is_redirect:
                break
            url = self._followed(url, self._response.headers.get("location", ""))
            await self._response.aclose()
        else:
            raise SiteChanged(
                remark("{what}: it leads on more than {most} times", what=self._what, most=MOST_REDIRECTS)
            )
        check_status(self._response.status_code, self._what)
        if self._response.headers.get("content-encoding", "identity").lower() != "identity":
            raise SiteChanged(remark("{what}: it is packed, though we ask for it as it is", what=self._what))
        self._chunks = self._response.aiter_raw(CHUNK_BYTES)

    async def part(self) -> bytes:
        """The next one; empty at the end."""
        return b"" if self._chunks is None else await anext(self._chunks, b"")

    async def close(self) -> None:
        if self._response is not None:
            await self._response.aclose()
        if self._client is not None:
            await self._client.aclose()

    def _followed(self, url: str, location: str) -> str:
        """Where a redirect leads: on the same site alone, so that nobody sends us elsewhere."""
        target = str(httpx2.URL(url).join(location))
        if _origin(urlsplit(target)) != _origin(urlsplit(url)):
            raise SiteChanged(
                remark(
                    "{what}: it leads to another site, {target}",
                    what=self._what,
                    target=one_line(target, LONGEST_TOLD),
                )
            )
        return target


async def _within(waiting: Coroutine[Any, Any, T], ends_at: float) -> T:
    """What is waited for; raises TimeoutError at that moment of the loop's clock."""
    async with asyncio.timeout_at(ends_at):
        return await waiting


@lru_cache(maxsize=1)
def _trust(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    """The system's authorities, or those of SSL_CERT_FILE, as for the mail server; read once."""
    return ssl.create_default_context()


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port


def _proxy(url: str, environment: Mapping[str, str]) -> httpx2.Proxy | None:
    """The one through which the page is reached, too."""
    proxy: Proxy | None = proxy_for(url, environment)
    if proxy is None:
        return None
    if proxy.scheme not in {"http", "https"}:
        raise UnusableProxy(
            remark(
                "a {scheme} proxy serves Chromium alone; want an HTTP proxy for files", scheme=proxy.scheme
            )
        )
    login = (proxy.username, proxy.password) if proxy.username or proxy.password else None
    return httpx2.Proxy(f"{proxy.scheme}://{host_and_port(proxy.host, proxy.port)}", auth=login)


def _parts(runner: asyncio.Runner, exchange: _Exchange) -> Iterator[bytes]:
    size = 0
    while chunk := runner.run(_within(exchange.part(), exchange.ends_at)):
        size += len(chunk)
        if size > MOST_BYTES:
            raise SiteChanged(remark("a file of more than {most} bytes", most=f"{MOST_BYTES:,}"))
        yield chunk
