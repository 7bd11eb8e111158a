"""Many readers of the dashboard without a browser: what an open page sends and receives."""

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar, cast

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

OPENED_AT_ONCE = 4
WITHIN_SECONDS = 120.0

T = TypeVar("T")


class Reader:
    """An open page: Streamlit's socket, the one that tells the version, and the fragments' timers.

    Attributes:
        finished: when the script has last finished, by the monotonic clock.
        runs: how often it has.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._tasks: list[asyncio.Task[None]] = []
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._version = ""
        self._ran = asyncio.Condition()
        self._lost = ""
        self._is_drawn_whole = False
        self.finished = 0.0
        self.runs = 0

    async def open(self, *, live: bool = True) -> Self:
        """Load the page; returns when it is drawn. `live`: follow the version, as ours do."""
        server = self._address.replace("http", "ws")
        origin = Origin(self._address)
        self._page = await connect(
            f"{server}/_stcore/stream",
            origin=origin,
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            ping_interval=None,
        )
        self._start(self._follow(self._page))
        await self.rerun()
        if live:
            self._feed = await connect(f"{server}/live", origin=origin, ping_interval=None)
            self._version = str(await self._feed.recv())
            self._start(self._listen(self._feed))
        return self

    async def rerun(self) -> float:
        """Have the script run; the seconds until it has finished."""
        began = time.monotonic()
        before = self.runs
        await self._ask()
        await self.ran_since(before)
        return self.finished - began

    async def ran_since(self, runs: int) -> float:
        """Wait until the whole script has finished more often than that; when it did.

        Raises:
            RuntimeError: the server has closed a socket.
        """
        async with self._ran:
            await self._ran.wait_for(lambda: self.runs > runs or self._lost)
        if self._lost:
            raise RuntimeError(f"the server has closed a socket: {self._lost}")
        return self.finished

    async def close(self) -> None:
        """Leave the page."""
        for task in (*self._tasks, *self._timers.values()):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._timers.values(), return_exceptions=True)
        for socket in (self._page, getattr(self, "_feed", None)):
            if socket is not None:
                await socket.close()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        async def until_lost() -> None:
            try:
                await work
                self._lost = "in order"
            except ConnectionClosed as error:
                self._lost = str(error)
            async with self._ran:
                self._ran.notify_all()

        self._tasks.append(asyncio.create_task(until_lost()))

    async def _ask(self, fragment: str = "") -> None:
        message = BackMsg()
        message.rerun_script.query_string = ""
        if fragment:
            message.rerun_script.fragment_id = fragment
            message.rerun_script.is_auto_rerun = True
        await self._page.send(message.SerializeToString())

    async def _follow(self, page: ClientConnection) -> None:
        told = ForwardMsg()
        async for message in page:
            told.ParseFromString(cast("bytes", message))
            kind = told.WhichOneof("type")
            if kind == "auto_rerun":
                self._keep_time(told.auto_rerun.fragment_id, told.auto_rerun.interval)
            elif kind == "new_session" and not told.metadata.run.fragment_ids:
                self._is_drawn_whole = True
            # A page that sees a newer version while it is drawn begins again; that is not its end. What waits
            # behind it for a timer's turn is told as if it were a part of that.
            elif (
                kind == "script_finished"
                and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
                and self._is_drawn_whole
            ):
                self._is_drawn_whole = False
                async with self._ran:
                    self.runs, self.finished = self.runs + 1, time.monotonic()
                    self._ran.notify_all()

    def _keep_time(self, fragment: str, seconds: float) -> None:
        async def tick() -> None:
            while True:
                await asyncio.sleep(seconds)
                await self._ask(fragment)

        if fragment in self._timers:
            self._timers[fragment].cancel()
        self._timers = {fragment: asyncio.create_task(tick())}

    async def _listen(self, feed: ClientConnection) -> None:
        async for version in feed:
            if version != self._version:
                self._version = str(version)
                await self._ask()


class Readers:
    """So many of them, in a thread of their own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="readers", daemon=True)
        self._thread.start()
        self.opened: list[Reader] = []

    def open(self, address: str, count: int, *, live: bool = True) -> None:
        """More readers of one server, a few at a time; returns when the page of each is drawn."""

        async def opened() -> list[Reader]:
            turns = asyncio.Semaphore(OPENED_AT_ONCE)

            async def one() -> Reader:
                async with turns:
                    return await Reader(address).open(live=live)

            return await asyncio.gather(*(one() for _ in range(count)))

        self.opened += self._do(opened())

    def alone(self, times: int) -> list[float]:
        """Reruns of the first one, one after the other; the seconds of each."""

        async def ran() -> list[float]:
            return [await self.opened[0].rerun() for _ in range(times)]

        return self._do(ran())

    def runs(self) -> list[int]:
        """How often the script has finished for each."""
        return [reader.runs for reader in self.opened]

    def drawn_since(self, runs: list[int]) -> list[float]:
        """Wait until each was drawn anew since `runs`; when each was, by the monotonic clock."""

        async def drawn() -> list[float]:
            waits = (reader.ran_since(before) for reader, before in zip(self.opened, runs, strict=True))
            return await asyncio.gather(*waits)

        return self._do(drawn())

    def close(self) -> None:
        """Leave all pages."""

        async def closed() -> None:
            await asyncio.gather(*(reader.close() for reader in self.opened), return_exceptions=True)

        self._do(closed())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        """Raises TimeoutError for what does not come."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(WITHIN_SECONDS)


@contextmanager
def readers() -> Iterator[Readers]:
    """None to begin with."""
    all_of_them = Readers()
    try:
        yield all_of_them
    finally:
        all_of_them.close()
