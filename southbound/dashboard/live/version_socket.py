"""`/live`: tells an open page the store's version, and nothing else.

A thread cannot write into a Streamlit session. So the page itself holds a WebSocket (`version_socket.js`) and
asks for a rerun when the number that comes in is not the one that it was drawn with.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from southbound.dashboard.state.resources import process
from southbound.queries.store_watcher import StoreWatcher

log = logging.getLogger(__name__)

POLICY_VIOLATION = 1008
"""The closing code of a WebSocket that should not have been opened (RFC 6455)."""

INTERNAL_ERROR = 1011
"""The closing code where a server met what it did not expect (RFC 6455)."""


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Watch the store as long as the server runs."""
    store_watcher = process().store_watcher
    try:
        yield
    finally:
        # Off the loop: the thread may be waiting for an answer.
        await asyncio.to_thread(store_watcher.stop)


async def version_feed(socket: WebSocket) -> None:
    """Send the version now and after each change, until the page goes away."""
    await socket.accept()
    telling = asyncio.create_task(_tell(socket, process().store_watcher))
    listening = asyncio.create_task(_listen(socket))
    try:
        await asyncio.wait({telling, listening}, return_when=asyncio.FIRST_COMPLETED)
        error = None if listening.done() else telling.exception()
        if error is not None:
            # The page asks again when its socket is closed; left open, it would show old figures for ever.
            log.critical("an open page is not told of news any more", exc_info=error)
            await socket.close(INTERNAL_ERROR)
    finally:
        for task in (telling, listening):
            task.cancel()
        await asyncio.gather(telling, listening, return_exceptions=True)


async def _listen(socket: WebSocket) -> None:
    """The page says nothing; this ends when it is gone."""
    async for _ in socket.iter_text():
        pass


async def _tell(socket: WebSocket, store_watcher: StoreWatcher) -> None:
    loop, changed = asyncio.get_running_loop(), asyncio.Event()
    with (
        store_watcher.watching(lambda: loop.call_soon_threadsafe(changed.set)),
        suppress(WebSocketDisconnect),
    ):
        data_version, sent = (await asyncio.to_thread(store_watcher.snapshot)).data_version, None
        while True:
            if data_version != sent and data_version is not None:
                await socket.send_text(str(data_version.version))
                sent = data_version
            await changed.wait()
            changed.clear()
            data_version = store_watcher.snapshot().data_version
