"""What the site answered, before it is read. Pure."""

import zlib
from base64 import b64decode
from dataclasses import dataclass

from southbound.errors import SiteError, SiteRefuses, SiteUnavailable
from southbound.hkexnews.page import Page, read_page

LARGEST_BYTES = 64 * 2**20
"""No page is that large (one has 1.3 MB): what is larger is not unpacked into memory."""


class WayClosed(Exception):
    """This way of asking is barred; another may be open.

    Attributes:
        error: what to raise if there is no other.
    """

    def __init__(self, error: SiteError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status, and the body as it was received."""

    status: int
    body: bytes

    @classmethod
    def of_packed(cls, status: int, packed: str) -> "Answer":
        """From a body that was packed: deflated without a header, and written in base64.

        Raises:
            SiteUnavailable: it is larger than any page.
        """
        unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        body = unpacker.decompress(b64decode(packed), LARGEST_BYTES)
        if not unpacker.eof:
            raise SiteUnavailable(f"the answer is no page: it has more than {LARGEST_BYTES >> 20} MB")
        return cls(status, body)

    def page(self) -> Page:
        """Read it.

        Raises:
            WayClosed: 403, to this way of asking at least.
            SiteRefuses: 429.
            SiteUnavailable, SiteChanged: as `read_page`, or any other HTTP error.
        """
        if self.status == 403:
            raise WayClosed(SiteRefuses("the site refuses us: HTTP 403"))
        if self.status == 429:
            raise SiteRefuses("the site refuses us: HTTP 429")
        if self.status >= 400:
            raise SiteUnavailable(f"HTTP {self.status}")
        try:
            return read_page(self.body.decode())
        except UnicodeDecodeError as error:
            raise SiteUnavailable(f"the answer is no UTF-8: {error}") from error
