"""What the site answered, before it is read. Pure."""

import zlib
from base64 import b64decode
from dataclasses import dataclass

from southbound.common.errors import SiteChanged, SiteError, SiteRefuses, SiteUnavailable
from southbound.common.remark import pattern, remark
from southbound.common.text import one_line
from southbound.hkexnews.page_parser import Page, read_page

LARGEST_BYTES = 32 * 2**20
"""No page is that large: one has 1.3 MB, and would have 13 MB with ten times the stocks."""

LARGEST_PACKED_BYTES = 4 * 2**20
"""Of a page that its own script has packed, in base64: one has 50 kB."""

LONGEST_REASON = 200
"""Characters of what a page's script says of its failure."""


def too_large() -> SiteUnavailable:
    """The error for an answer that is larger than any page."""
    return SiteUnavailable(
        remark("the answer is no page: it has more than {megabytes} MB", megabytes=LARGEST_BYTES >> 20)
    )


def elsewhere(url: str) -> SiteChanged:
    """The error for an answer that is not the site's own: a redirect or a form led to `url`."""
    return SiteChanged(remark("the page leads to another host: {url}", url=one_line(url, LONGEST_REASON)))


def unreachable(failure: str) -> SiteUnavailable:
    """The error for what the network says, such as `net::ERR_CONNECTION_RESET`."""
    reason = next((text for words, text in PROXY_FAILURES.items() if words in failure), "")
    return SiteUnavailable(
        remark("{failure}: {reason}", failure=failure, reason=remark(reason)) if reason else failure
    )


PROXY_LOGIN = pattern("the proxy wants another user or password than the environment's proxy variables give")
PROXY_FAILURES = {
    "ERR_PROXY_CONNECTION_FAILED": pattern("the proxy that the environment names does not answer"),
    "ERR_SOCKS_CONNECTION": pattern("the proxy that the environment names does not answer"),
    "ERR_TUNNEL_CONNECTION_FAILED": "the proxy does not let us through to the site",
    "ERR_PROXY_CERTIFICATE": "the certificate of the proxy is not trusted",
    "ERR_PROXY_AUTH": PROXY_LOGIN,
    "ERR_INVALID_AUTH_CREDENTIALS": PROXY_LOGIN,
    "ERR_CERT_AUTHORITY_INVALID": pattern(
        "a proxy that reads along needs its certificate known to Chromium (docs/operations.md)"
    ),
}
"""Chromium's names of what a proxy can do wrong, and what they mean."""


class WayClosed(Exception):
    """This way of asking is barred; another may be open.

    Attributes:
        error: what to raise if there is no other.
    """

    def __init__(self, error: SiteError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True, slots=True)
class SiteResponse:
    """An HTTP status, and the body as it was received."""

    status: int
    body: bytes

    @classmethod
    def of_packed(cls, status: int, packed: str) -> "SiteResponse":
        """From a body that was packed: deflated without a header, and written in base64.

        Raises:
            SiteUnavailable: it is larger than any page, or was packed in another way.
        """
        unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        try:
            body = unpacker.decompress(b64decode(packed, validate=True), LARGEST_BYTES)
        except (ValueError, zlib.error) as error:
            raise SiteUnavailable(remark("the answer cannot be unpacked: {error}", error=error)) from error
        if not unpacker.eof and len(body) == LARGEST_BYTES:
            raise too_large()
        if not unpacker.eof:
            raise SiteUnavailable(remark("the answer cannot be unpacked: its end is missing"))
        return cls(status, body)

    @classmethod
    def of_script(cls, given: object) -> "SiteResponse":
        """From what `fetch.js` hands back. The page may have put its own functions in the browser's place.

        Raises:
            WayClosed: the page does not let its scripts fetch.
            SiteUnavailable: the answer did not come, or not all of it, or it is none.
        """
        match given:
            case {"closed": reason}:
                raise WayClosed(
                    SiteUnavailable(remark("no answer to the page's script: {reason}", reason=_said(reason)))
                )
            case {"broken": reason}:
                raise SiteUnavailable(remark("the answer is cut off: {reason}", reason=_said(reason)))
            case {"large": _}:
                raise too_large()
            case {"status": int(status), "packed": str(packed)}:
                return cls.of_packed(status, packed)
        raise SiteUnavailable(
            remark("no answer but something else came from the page's script: {given}", given=_said(given))
        )

    def page(self) -> Page:
        """Read it.

        Raises:
            WayClosed: 403, to this way of asking at least.
            SiteRefuses: 429.
            SiteUnavailable, SiteChanged: as `read_page`, or any other HTTP error.
        """
        if self.status == 403:
            raise WayClosed(SiteRefuses(remark("the site refuses us: HTTP 403")))
        if self.status == 429:
            raise SiteRefuses(remark("the site refuses us: HTTP 429"))
        if self.status == 407:
            raise SiteUnavailable(remark("HTTP 407: {reason}", reason=remark(PROXY_LOGIN)))
        if self.status >= 400:
            raise SiteUnavailable(remark("HTTP {status}", status=self.status))
        try:
            return read_page(self.body.decode())
        except UnicodeDecodeError as error:
            raise SiteUnavailable(remark("the answer is no UTF-8: {error}", error=error)) from error


def _said(reason: object) -> str:
    return one_line(str(reason), LONGEST_REASON)
