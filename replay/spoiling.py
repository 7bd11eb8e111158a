"""One answer over HTTP, or what the faults of the connection make of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Generic, Protocol

from starlette.types import Receive, Scope, Send

from replay.connection import connection_of
from replay.faults import F, Fault, Switches

HANG_LOOKS_EVERY = 0.02  # seconds
DRIP = "drip"
CHUNK = 2**18


class Record(Protocol):
    """What is written down of an answer."""

    status: int | None
    sent: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client is to get."""

    status: int
    body: bytes
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def error_page(status: int) -> Answer:
    """The page that stands behind a status."""
    return Answer(status, f"<html><body><h1>{HTTPStatus(status).phrase}</h1></body></html>".encode())


class Answering(Generic[F]):
    """A request that is being answered.

    Args:
        switches: the faults; those of the connection have the names that they have in `Fault`.
        latency: seconds before the answer.
        scope, receive, send: of the ASGI application.
    """

    def __init__(
        self, switches: Switches[F], latency: float, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._switches = switches
        self._latency = latency
        self._connection = connection_of(scope)
        self._receive = receive
        self._send = send

    async def begin(
        self, record: Record, made: Callable[[frozenset[F]], Awaitable[Answer]]
    ) -> Callable[[], Awaitable[None]]:
        """All of the answer but its end, which is to be made once the record is."""
        # Before the faults are taken: a hang that is taken and cleared in between must not last for ever.
        hangs, drips = self._switches.cleared(Fault.HANG), self._switches.cleared(DRIP)
        faults = self._switches.take()
        names = {str(fault) for fault in faults}
        await asyncio.sleep(self._latency)
        if Fault.HANG in names and not await self._released(hangs):
            return partial(self._break_off, self._connection.close)
        if Fault.RESET in names:
            return partial(self._break_off, self._connection.reset)
        answer = await made(faults)
        await self._start(record, answer)
        if Fault.CUT_OFF in names:
            await self._pass_on(record, answer.body[: len(answer.body) // 2])
            return partial(self._break_off, self._connection.close)
        begin = await self._drip(record, answer.body, drips) if DRIP in names else 0
        await self._pass_on(record, answer.body[:-1], begin)
        if self._connection.lost:
            return partial(self._break_off, self._connection.close)
        record.sent = len(answer.body)
        return partial(self._send, {"type": "http.response.body", "body": answer.body[-1:]})

    async def _drip(self, record: Record, body: bytes, cleared: int) -> int:
        """Send a byte now and then until that is cleared; how many were sent."""
        sent = 0
        while sent < len(body) - 1 and not self._connection.lost and self._switches.cleared(DRIP) == cleared:
            await self._send({"type": "http.response.body", "body": body[sent : sent + 1], "more_body": True})
            sent = record.sent = sent + 1
            await asyncio.sleep(HANG_LOOKS_EVERY)
        return sent

    async def _released(self, hangs_cleared: int) -> bool:
        """Hang; True when that was cleared, False when there is nobody left to answer."""
        while not self._connection.lost:
            if self._switches.cleared(Fault.HANG) != hangs_cleared:
                return True
            await asyncio.sleep(HANG_LOOKS_EVERY)
        return False

    async def _start(self, record: Record, answer: Answer) -> None:
        headers = [
            (b"content-type", answer.content_type.encode()),
            (b"content-length", str(len(answer.body)).encode()),
            *((name.encode(), value.encode()) for name, value in answer.headers.items()),
        ]
        await self._send({"type": "http.response.start", "status": answer.status, "headers": headers})
        record.status = answer.status

    async def _pass_on(self, record: Record, body: bytes, sent: int = 0) -> None:
        """Send it piece by piece from there, until the client has all of it or is gone."""
        for begin in range(sent, len(body), CHUNK):
            if self._connection.lost:
                return
            record.sent = min(begin + CHUNK, len(body))
            await self._send(
                {"type": "http.response.body", "body": body[begin : record.sent], "more_body": True}
            )
        # A send waits until the client has taken what was sent before, so the record does not end too early.
        await self._send({"type": "http.response.body", "body": b"", "more_body": True})

    async def _break_off(self, ending: Callable[[], None]) -> None:
        ending()
        # Had the application returned before the connection's end, a 500 would be sent in its name.
        while (await self._receive())["type"] != "http.disconnect":
            pass
