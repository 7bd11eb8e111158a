"""What the status of an answer says of the file that was asked for. Pure."""

from southbound.common.errors import NotPublished, SiteRefuses, SiteUnavailable
from southbound.common.remark import remark

REFUSING = {401, 403, 429}


def check_status(status: int, what: str) -> None:
    """Return if the body is worth reading.

    Args:
        status: of the HTTP answer.
        what: the file, in words for the message.

    Raises:
        NotPublished: 404: not there yet, no longer, or never.
        SiteRefuses: 401, 403 or 429.
        SiteUnavailable: any other but 200.
    """
    if status == 200:
        return
    if status == 404:
        raise NotPublished(remark("{what}: the site has none (404)", what=what))
    if status in REFUSING:
        raise SiteRefuses(remark("{what}: the site refuses us ({status})", what=what, status=status))
    raise SiteUnavailable(remark("{what}: the site answers {status}", what=what, status=status))
