"""Whether the process is up, and whether it can show figures. Neither shows any, or what is wrong inside."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse

from southbound.api.parts import Parts
from southbound.common.errors import SouthboundError

NOT_KEPT = {"Cache-Control": "no-store"}


async def healthz(_: Request) -> JSONResponse:
    """The process is up, if this is answered."""
    return JSONResponse({"status": "up"}, headers=NOT_KEPT)


class Readiness:
    """`/readyz`: 200 with the store within reach and figures read from it, else 503."""

    def __init__(self, parts: Callable[[], Parts]) -> None:
        self._parts = parts

    async def answer(self, _: Request) -> JSONResponse:
        """Read the figures, if nobody has yet."""
        missing = await asyncio.to_thread(self._missing)
        if missing:
            said = {"status": "not ready", "reason": missing}
            return JSONResponse(said, HTTPStatus.SERVICE_UNAVAILABLE, NOT_KEPT)
        return JSONResponse({"status": "ready"}, headers=NOT_KEPT)

    def _missing(self) -> str:
        try:
            _, market_view, trouble = self._parts().now()
        except SouthboundError:
            return "the store is away"
        if trouble is not None or market_view is None:
            return "the store is away"
        return "" if market_view.history.dates else "no figures are stored yet"
