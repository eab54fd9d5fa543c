"""The arrow: from a folder of submissions to results and a table of grades.

    entries --> read --> still to grade? --> jobs (sandbox, checks) --> store --> grades.csv

Submissions are read one by one as jobs become free, so that memory does not grow with the class; only names are held for all of it.
"""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from grader import DEFAULT_SEED, __version__
from grader.checks.fingerprint import fingerprints
from grader.earlier_names import keeping_names
from grader.errors import GraderError, UsageError
from grader.intake import Entry, entries, read
from grader.jobs import Executor, Task, Verdict
from grader.model import Origin, Result, Row, Submission
from grader.results import Context, Store, still_to_grade, united
from grader.results.context import Isolation
from grader.results.course import COURSE_FILE
from grader.results.observed import observe
from grader.results.store import write_file
from grader.unit import Unit, current


@dataclass(frozen=True, slots=True)
class Order:
    """What a run was asked for. `only`: names of exercises, or nothing for all of them. `course`: the file with the course's rules, kept in OUT."""

    submissions: Path
    out: Path
    seed: int = DEFAULT_SEED
    only: Collection[str] = ()
    force: bool = False
    isolation: Isolation = "strict"
    course: Path | None = None


class Watch(Protocol):
    """Whoever wants to know how a run is getting on."""

    def begin(self, total: int) -> None:
        """So many submissions there are."""

    def kept(self, result: Result) -> None:
        """One still holds from an earlier run."""

    def done(self, result: Result, reason: str) -> None:
        """One was graded; `reason` is for staff, of a fault."""


def run(order: Order, executor: Executor, watch: Watch, found: Sequence[Entry] | None = None) -> list[Row]:
    """Grade a folder of submissions and return the class, as `grades.csv` has it.

    However this ends, what was graded is stored, `grades.csv` says as much, and the same order given again goes on from there. `found` are the
    submissions where they are not simply what lies in the folder.

    Raises:
        UsageError: the order cannot be carried out: a folder that is none, an unknown exercise, OUT in use or not writable.
        GraderError: grading had to stop: no sandbox, a broken catalogue, a full disk.
    """
    unit = current()
    asked = _asked(order.only, unit)
    found = keeping_names(entries(order.submissions) if found is None else found, order.out)
    _keep_apart(order.submissions, order.out)
    context = Context(order.seed, __version__, fingerprints(unit), order.isolation)
    with Store(order.out, unit) as store:
        store.write_origins({entry.file_name: entry.origin for entry in found if entry.origin != Origin()})
        if order.course:
            write_file(order.out / COURSE_FILE, order.course.read_bytes())
        watch.begin(len(found))
        work = _Run(unit, context, store, watch)
        try:
            for verdict in executor.grade(work.tasks(found, asked, order.force)):
                work.keep(verdict)
        except BaseException:
            # Not even a table that cannot be written may hide why grading stopped.
            with contextlib.suppress(GraderError):
                store.write_grades()
            raise
        return store.write_grades()


@dataclass(frozen=True, slots=True)
class _Run:
    """What the two ends of the arrow share."""

    unit: Unit
    context: Context
    store: Store
    watch: Watch
    in_hand: dict[str, Submission] = field(default_factory=dict)

    def tasks(self, found: Sequence[Entry], asked: Collection[str], force: bool) -> Iterator[Task]:
        """Read the submissions and yield those that need a sandbox; what can be settled without one is settled here."""
        for entry in found:
            try:
                submission = read(entry, self.unit)
            except Exception:  # noqa: BLE001  # what intake does not blame on the submission is a fault of this one, and the class goes on
                self.keep(Verdict(self.context.fault(entry.name, entry.file_name), traceback.format_exc()))
                continue
            stored = self.store.read(entry.file_name)
            valid = self.context.still_valid(stored, submission.sha256) if stored is not None else ()
            wanted = still_to_grade(stored, valid, asked, self.unit, force)
            if stored is not None and not wanted:
                self._keep_stored(stored)
            elif submission.rejected is not None:
                self.keep(Verdict(self.context.rejected(submission, [self.unit.exercise(name) for name in wanted])))
            else:
                self.in_hand[submission.file_name] = submission
                yield Task(submission, wanted, self.context)

    def keep(self, verdict: Verdict) -> None:
        """Store a verdict, together with what an earlier run found out about the submission's other exercises."""
        result = verdict.result
        stored = self.store.read(result.file_name)
        if stored is not None and stored.status is result.status:
            result = united(stored, self.context.still_valid(stored, result.submission_sha256), result, self.unit)
        submission, reason = self.in_hand.pop(result.file_name, None), verdict.reason
        try:
            if submission is not None:
                self.store.write_observed(observe(submission, verdict.result), result)
            self.store.write(result, reason)
        except GraderError:
            raise  # the disk's
        except Exception:  # noqa: BLE001  # what cannot be written down of one submission must not stop the class
            result, reason = self.context.fault(result.submission, result.file_name), traceback.format_exc()
            self.store.write(result, reason)
        self.watch.done(result, reason)

    def _keep_stored(self, stored: Result) -> None:
        """A result of some exercises alone holds though the checks of others changed; that it was looked at since then is noted."""
        if stored.checks_sha256 != self.context.checks_sha256:
            stored = replace(stored, checks_sha256=self.context.checks_sha256)
            self.store.write(stored, "")
        self.watch.kept(stored)


def _asked(only: Collection[str], unit: Unit) -> tuple[str, ...]:
    names = tuple(exercise.name for exercise in unit.exercises)
    for name in only:
        if name not in names:
            raise UsageError(f"there is no exercise {name!r}; the exercises are {', '.join(names)}")
    return tuple(name for name in names if name in only) or names


def _keep_apart(submissions: Path, out: Path) -> None:
    try:
        inside = out.resolve().is_relative_to(submissions.resolve())
    except (OSError, RuntimeError) as error:  # a symbolic link that leads to itself is the latter before Python 3.13
        raise UsageError(f"{out}: cannot be found ({error}); name another folder with -o") from error
    if inside:
        raise UsageError(f"{out}: lies inside {submissions} and would be taken for a submission; name a folder beside it with -o")
