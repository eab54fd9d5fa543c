"""How long to wait for somebody, counted in time in which both sides could run.

A process may be stopped (SIGSTOP, a frozen container, a virtual machine that is moved), and a machine so busy, be it with another student's
threads, that a process hardly gets a turn. Neither is the doing of the one waited for. A wait that took much longer than was asked for shows the
first; for the other, the kernel counts how long a process queued for a core.
"""

from __future__ import annotations

import time
from collections.abc import Callable

SLICE_SECONDS = 0.25
# Who queued for so large a part of the time gets back what was lost. Less is usual where there are more processes than cores.
STARVED = 0.5
# But no more than so many times the time there was: threads of one's own make one queue, too.
MOST = 3.0


class Patience:
    """A deadline. Use in turn: `next_wait`, the wait, and if it was in vain `in_vain`. `granted`: seconds that it was put off by."""

    def __init__(self, seconds: float, queued: Callable[[], float] = lambda: 0.0) -> None:
        """`queued` tells how many seconds the other side has queued for a core, counted from whenever."""
        self.granted = 0.0
        self._queued = queued
        self._queued_before: float | None = None
        self._began, self._asked = time.monotonic(), 0.0
        self._seconds, self._until, self._most = seconds, self._began + seconds, MOST * seconds
        self._last_look = False

    def next_wait(self) -> float:
        """Seconds to wait now. 0 at the end: what is there already has come in time, since who waits may have been stopped.

        Raises:
            TimeoutError: time has been up for long, and still more comes bit by bit.
        """
        self._stood_still()
        self._began = time.monotonic()
        if self._last_look and self._began > self._until + self._seconds:
            raise TimeoutError
        self._asked = min(SLICE_SECONDS, max(self._until - self._began, 0.0))
        self._last_look = self._asked == 0.0
        return self._asked

    def in_vain(self) -> None:
        """The wait is over, and nothing came.

        Raises:
            TimeoutError: time is up.
        """
        if self._queued_before is None:
            self._queued_before = self._queued()
        if not self._stood_still() and self._last_look:
            queued = self._queued()
            lost = min(queued - self._queued_before, self._most)
            if lost < STARVED * self._seconds:
                raise TimeoutError
            self._queued_before = queued
            self._most -= lost
            self._put_off(lost)

    def _stood_still(self) -> bool:
        """Whether this process has just been stopped for a while. The other one may have been, too."""
        now = time.monotonic()
        gap = now - self._began - self._asked
        if gap <= SLICE_SECONDS:
            return False
        self._put_off(gap)
        self._began, self._asked = now, 0.0
        return True

    def _put_off(self, seconds: float) -> None:
        self._until += seconds
        self.granted += seconds
