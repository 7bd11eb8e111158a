"""A run from its first fault to its last calm."""

import heapq
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from random import Random

import redis

from tools.soak import reading
from tools.soak.environment import READERS, Environment, NothingToHit
from tools.soak.faults import FAULTS
from tools.soak.file_faults import hang_all
from tools.soak.invariants import behind, not_mailed
from tools.soak.observer import Observer
from tools.soak.pages import Tabs
from tools.soak.recovery import Recovery
from tools.soak.schedule import Calm, Plan, Planned
from tools.soak.site_faults import restate

TICK_SECONDS = 0.1
RECOVERS_WITHIN_SECONDS = 120.0
"""How much longer than planned a calm may take until all is well: a busy machine is slow, not wrong."""


class SoakRun:
    """Makes what is planned, and sees what becomes of it.

    Args:
        environment: what is hit.
        plan: when.
        tabs: the open pages.
        say: prints a line.

    Attributes:
        recovery: what became of the faults.
        observer: what is seen meanwhile.
    """

    def __init__(self, environment: Environment, plan: Plan, tabs: Tabs, say: Callable[[str], None]) -> None:
        self._environment = environment
        self._plan = plan
        self._tabs = tabs
        self._say = say
        self._began = time.monotonic()
        self._held_up = 0.0
        self._files_come: Callable[[], None] = lambda: None
        self._numbers = count()
        self._schedule: list[tuple[float, int, Callable[[], None]]] = []
        self.recovery = Recovery()
        self.observer = Observer(environment, self._seconds)

    def run(self) -> None:
        """Do it all; returns when the last calm is over."""
        self._began = time.monotonic()
        self.observer.start()
        for fault in self._plan.faults:
            self._at(fault.at, partial(self._begin, fault))
        calm_days = {calm.publishes for calm in self._plan.calms}
        for moment in self._plan.publications:
            if moment not in calm_days:
                self._at(moment, self._publish)
        for calm in self._plan.calms:
            self._at(calm.begins, self._hang_files)
            self._at(calm.publishes, self._publish_duty)
            self._at(calm.ends, partial(self._end_calm, calm))
        while self._schedule:
            due, _, action = self._schedule[0]
            if due <= self._seconds() - self._held_up:
                heapq.heappop(self._schedule)
                action()
            else:
                self._observe()
                time.sleep(TICK_SECONDS)

    def _at(self, due: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._schedule, (due, next(self._numbers), action))

    def _seconds(self) -> float:
        return time.monotonic() - self._began

    def _observe(self) -> None:
        if self.observer.latest is not None:
            self.recovery.see(self.observer.latest)

    def _begin(self, fault: Planned) -> None:
        lasting = f", for {fault.lasts:.1f} s" if fault.lasts else ""
        try:
            end = FAULTS[fault.kind](self._environment, Random(fault.seed))
        except NothingToHit as missed:
            if later := self._plan.later(fault):
                self._at(later.at, partial(self._begin, later))
                return
            self.recovery.missed.append(fault.kind)
            self._tell(f"{fault.kind}: nothing to hit ({missed})")
            return
        self._tell(f"{fault.kind}{lasting}")
        if end is None:
            self._over(fault)
        else:
            self._at(fault.at + fault.lasts, lambda: self._end(fault, end))

    def _end(self, fault: Planned, end: Callable[[], None]) -> None:
        try:
            end()
        except NothingToHit as missed:
            self.recovery.missed.append(fault.kind)
            self._tell(f"{fault.kind}: nothing was hit ({missed})")
        else:
            self._over(fault)

    def _over(self, fault: Planned) -> None:
        self.recovery.over(fault.kind, self._seconds())

    def _publish(self) -> None:
        self._tell(f"the site publishes {self._environment.site.move_on()}")

    def _hang_files(self) -> None:
        """In a calm no file comes: the new day and its mails must not wait for one."""
        self._files_come = hang_all(self._environment)
        self._tell("calm: every file hangs")

    def _publish_duty(self) -> None:
        day = self._environment.site.move_on()
        self._environment.journal.duties.append(day)
        self._tell(f"calm: the site publishes {day}, and everybody must get it")

    def _end_calm(self, calm: Calm) -> None:
        """Go on when all is as it should be, or when it has had enough time for that."""
        if calm is self._plan.calms[-1]:
            restate(self._environment, Random(0))
            self._tell("the site restates its newest day")
        began = self._seconds()
        while (self._lacks() or self.recovery.open()) and self._seconds() - began < RECOVERS_WITHIN_SECONDS:
            self._observe()
            time.sleep(TICK_SECONDS)
        self._files_come()
        waited = self._seconds() - began
        self._held_up += waited
        self._tell(f"calm: {'all is well' if not self._lacks() else 'NOT well'} after {waited:.1f} s more")

    def _lacks(self) -> list[str]:
        """What is still to come in a calm."""
        day = self._environment.journal.duties[-1]
        lacking = list(not_mailed(reading.sent(self._environment.inbox.mails), [day], READERS))
        try:
            if reading.newest(self._environment.store) != day:
                lacking.append(f"{day} is not stored")
        except redis.RedisError as error:
            lacking.append(f"no store: {error}")
        return lacking or list(behind(self._tabs.texts(), day))

    def _tell(self, line: str) -> None:
        self._say(f"[{self._seconds():6.1f} s] {line}")
