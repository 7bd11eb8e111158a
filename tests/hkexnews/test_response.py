"""An answer is a page, or an error that says what came instead."""

import base64
import zlib
from datetime import date

import pytest

from replay.figures import recorded_days
from replay.page import page_of
from southbound.common.errors import SiteRefuses, SiteUnavailable
from southbound.hkexnews import response
from southbound.hkexnews.response import SiteResponse, WayClosed

FRIDAY = date(2026, 2, 27)


def packed(body: bytes) -> str:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return base64.b64encode(packer.compress(body) + packer.flush()).decode()


def test_a_packed_answer_is_read_as_it_was_sent() -> None:
    body = page_of(recorded_days()[FRIDAY], language="zh")

    came = SiteResponse.of_packed(200, packed(body))

    assert came == SiteResponse(200, body)
    assert came.page().heading == FRIDAY


def test_an_answer_larger_than_any_page_is_not_unpacked() -> None:
    bomb = packed(bytes(response.LARGEST_BYTES + 1))
    assert len(bomb) < 100_000

    with pytest.raises(SiteUnavailable, match="more than 32 MB"):
        SiteResponse.of_packed(200, bomb)


def test_a_refusal_may_be_of_the_way_alone() -> None:
    with pytest.raises(WayClosed, match="HTTP 403") as caught:
        SiteResponse(403, b"").page()

    assert isinstance(caught.value.error, SiteRefuses)


@pytest.mark.parametrize(
    ("status", "error"),
    [(429, SiteRefuses), (400, SiteUnavailable), (404, SiteUnavailable), (500, SiteUnavailable)],
)
def test_an_error_is_told_by_its_status(status: int, error: type[Exception]) -> None:
    with pytest.raises(error, match=f"HTTP {status}"):
        SiteResponse(status, page_of(recorded_days()[FRIDAY])).page()


@pytest.mark.parametrize("spoilt", [b"TENCENT\xff", b"TENCENT\xe8\x85", "騰訊".encode("big5")])
def test_an_answer_that_is_no_utf_8_is_not_guessed_at(spoilt: bytes) -> None:
    body = page_of(recorded_days()[FRIDAY]).replace(b"TENCENT", spoilt, 1)

    with pytest.raises(SiteUnavailable, match="no UTF-8"):
        SiteResponse(200, body).page()
