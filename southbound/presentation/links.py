"""Links from the mail to the dashboard's views. Without its address there are none."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from southbound.common.language import spoken
from southbound.market.metrics import POINTS, SHARES
from southbound.presentation import view_url
from southbound.presentation.view_state import ViewState


@dataclass(frozen=True, slots=True)
class Links:
    """The views of one shareholding date, in the language of what is written now if that is Chinese.

    Attributes:
        dashboard: the address of the page; None if it is not known.
        day: the date.
    """

    dashboard: str | None
    day: date

    def view(self) -> str | None:
        """The day, compared with the one before it."""
        return self._to(ViewState(window=1, metric=SHARES, day=self.day))

    def stock(self, code: int) -> str | None:
        """The day, with one stock's trend."""
        return self._to(ViewState(stock=code, window=5, metric=POINTS, day=self.day))

    def _to(self, view: ViewState) -> str | None:
        if self.dashboard is None:
            return None
        page = urlsplit(self.dashboard)
        spoken_to = replace(view, language=spoken()) if spoken().is_chinese else view
        query = urlencode([*parse_qsl(page.query), *view_url.written(spoken_to).items()])
        return urlunsplit((page.scheme, page.netloc, page.path or "/", query, ""))
