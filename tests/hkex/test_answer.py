"""What a status says of the file that was asked for."""

import pytest

from southbound.common.errors import NotPublished, SiteRefuses, SiteUnavailable, SouthboundError
from southbound.hkex.answer import check_status


def test_a_body_with_status_200_is_worth_reading() -> None:
    check_status(200, "the quotations")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, NotPublished),
        (401, SiteRefuses),
        (403, SiteRefuses),
        (429, SiteRefuses),
        (204, SiteUnavailable),
        (302, SiteUnavailable),
        (500, SiteUnavailable),
        (503, SiteUnavailable),
    ],
)
def test_every_other_status_is_told_apart(status: int, error: type[SouthboundError]) -> None:
    with pytest.raises(error, match=f"^the quotations: .*{status}"):
        check_status(status, "the quotations")
