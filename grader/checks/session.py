"""One warm pytest session that judges many submissions.

Pytest collects the checks once. Its run loop is then handed to the caller, who grades one submission after another; for each, pytest's own
machinery runs the tests (fixtures, markers, set-up and tear-down), and the verdicts come back as data. Collecting per submission would cost more
than everything else.

What an exception in a check means:

    CheckFailed, AssertionError   the value is wrong: `failed` (an assertion's own message is shown, never its operands)
    StudentFault                  there was no value: the outcome it carries
    anything else                 if the check raises it for the solution as well, it is broken: a `GraderError`, so that the submission becomes a
                                  `fault` and never a zero; if not, the value is so strange that the check stumbled over it: `failed`
"""

from __future__ import annotations

import importlib.util
import os
import sys
import zlib
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
import pytest

from grader.checks import exceptions
from grader.checks.answers import BARE
from grader.errors import GraderError, UnitError
from grader.model import CheckResult, ExerciseResult, Outcome
from grader.observation import CheckFailed, Student, StudentFault
from grader.text import printable_lines
from grader.unit import CHECKS_DIRECTORY, UNIT_FILE, Check, Exercise, Function, Unit, WalkThrough, data_directory

Grade = Callable[[Student, int, Collection[str]], tuple[ExerciseResult, ...]]
# Nothing is shown, cached or captured, and every plugin takes part in every test: those that these checks have no use for stay out.
UNUSED = (
    *("terminal", "cacheprovider", "logging", "warnings", "faulthandler", "capture", "assertion", "doctest", "junitxml", "monkeypatch", "pastebin"),
    *("recwarn", "setuponly", "setupplan", "skipping", "stepwise", "subtests", "threadexception", "tmpdir", "unittest", "unraisableexception"),
)
QUIET = tuple(f"-pno:{name}" for name in UNUSED)


def run(unit: Unit, body: Callable[[Grade], None], solved: Callable[[], AbstractContextManager[Student]] | None = None) -> None:
    """Collect the checks, then call `body` with a function that grades one submission; returns when `body` does.

    The function takes the student's proxy, the run's seed and the names of the exercises wanted.

    Args:
        unit: the catalogue.
        body: the caller's loop.
        solved: opens a proxy of the solutions, for telling a broken check from a strange value. Without it every surprise is the check's.

    Raises:
        UnitError: checks and catalogue contradict each other.
        GraderError: from the function, when a check itself is broken.
    """
    plugin = _WarmSession(unit, body, solved)
    environment = {name: os.environ.pop(name) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS") if name in os.environ}
    autoload = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        files = [str(CHECKS_DIRECTORY / f"test_{exercise.name}.py") for exercise in unit.exercises]
        arguments = [*QUIET, "--import-mode=importlib", "-c", os.devnull, "--rootdir", str(CHECKS_DIRECTORY), *files]
        code = pytest.main(arguments, plugins=[plugin])
    finally:
        os.environ.update(environment)
        if autoload is None:
            del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
    if plugin.failure is not None:
        raise plugin.failure
    if not plugin.ran:
        raise UnitError(f"{CHECKS_DIRECTORY}: pytest could not collect the checks (exit code {int(code)}); run pytest on that folder to see why")


def load_reference(unit: Unit) -> SimpleNamespace:
    """The solutions' functions under their own names."""
    functions: dict[str, Any] = {}
    for exercise in unit.exercises:
        module = _import_solution(data_directory("solutions") / f"{exercise.name}.py")
        missing = [function.name for function in exercise.functions if not hasattr(module, function.name)]
        if missing:
            raise UnitError(f"{module.__file__}: has no {missing[0]}, which unit.toml names; write it there, or remove it here")
        functions |= {function.name: getattr(module, function.name) for function in exercise.functions}
    return SimpleNamespace(**functions)


def _import_solution(path: Path) -> Any:
    """Under a private name: solutions must not become importable as `kl` or `sampler` for anything else in this process."""
    specification = importlib.util.spec_from_file_location(f"_solution_{path.stem}", path)
    if specification is None or specification.loader is None:
        raise UnitError(f"{path}: missing; every exercise of unit.toml needs a solution")
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    try:
        specification.loader.exec_module(module)
    except (Exception, SystemExit) as problem:
        raise UnitError(f"{path}: cannot be imported ({type(problem).__name__}: {problem}); mend it") from problem
    return module


@lru_cache(maxsize=1024)
def _seed_sequence(seed: int, check: str) -> np.random.SeedSequence:
    """Kept, because it takes longer to make than many a check."""
    return np.random.SeedSequence([seed, zlib.crc32(check.encode())])


class _WarmSession:
    """The pytest plugin: fixtures, the run loop, and the reading of verdicts."""

    def __init__(self, unit: Unit, body: Callable[[Grade], None], solved: Callable[[], AbstractContextManager[Student]] | None) -> None:
        self.unit = unit
        self.body = body
        self.solved = solved
        self.ran = False
        self.failure: BaseException | None = None
        self.items: dict[str, list[pytest.Item]] = {}
        # Another test of the same module, which pytest is told comes next.
        self.siblings: dict[pytest.Item, pytest.Item | None] = {}
        self.excinfo: pytest.ExceptionInfo[BaseException] | None = None
        self._student: Student | None = None
        self._seed = 0
        self._running = ""
        self._reference = load_reference(unit)

    @pytest.fixture
    def student(self) -> Student:
        """The submission being judged."""
        if self._student is None:
            raise GraderError("a check asked for a student outside a submission")
        return self._student

    @pytest.fixture
    def reference(self) -> SimpleNamespace:
        """The solutions' functions."""
        return self._reference

    @pytest.fixture
    def rng(self) -> np.random.Generator:
        """A generator of this check's own: the same for every submission of a run, and independent of which other checks run."""
        # Not from the fixture `request`: pytest makes a new definition of it each time, which takes longer than many a check.
        return np.random.default_rng(_seed_sequence(self._seed, self._running))

    @pytest.fixture
    def walk_through(self) -> WalkThrough:
        """The lesson's numbers."""
        return self.unit.walk_through

    def pytest_configure(self, config: pytest.Config) -> None:
        """Declare the marker that carries a check's worth."""
        config.addinivalue_line("markers", "points(value): what the check is worth, from unit.toml")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Join tests and catalogue, which must name each other exactly."""
        worth = {check.name: check.points for exercise in self.unit.exercises for function in exercise.functions for check in function.checks}
        for item in items:
            name = getattr(item, "originalname", item.name).removeprefix("test_")
            if name not in worth:
                raise UnitError(f"{item.path}: test_{name}: the catalogue has no check {name!r}; add it to unit.toml or rename the test")
            item.add_marker(pytest.mark.points(worth[name]))
            self.items.setdefault(name, []).append(item)
            self.siblings[item] = next((other for other in items if other.parent is item.parent and other is not item), None)
        for name in worth:
            if name not in self.items:
                raise UnitError(f"{UNIT_FILE}: check {name!r}: no test_{name} in {CHECKS_DIRECTORY}; write it or remove the check")

    def pytest_runtestloop(self) -> bool:
        """Instead of running every test once: let the caller grade submissions."""
        self.ran = True
        try:
            self.body(self._grade)
        except BaseException as failure:  # noqa: BLE001  # carried across pytest and raised again by run()
            self.failure = failure
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """Keep the first exception of a test, whichever phase it came from.

        Pytest's own report would cite the source of every frame of a failure, for nobody to read: ten times the cost of the check.
        """
        if self.excinfo is None:
            self.excinfo = call.excinfo
        outcome: Literal["passed", "failed"] = "failed" if call.excinfo else "passed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)  # type: ignore[arg-type]  # never "collect" here

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file of checks that cannot be loaded is named with the line that is to blame."""
        if report.failed and self.failure is None:
            why = str(report.longrepr).strip().rpartition("\n")[2].removeprefix("E").strip()
            self.failure = UnitError(f"{CHECKS_DIRECTORY / report.nodeid}: cannot be loaded ({why}); mend it")

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """A contradiction found while collecting arrives here. True: it is taken care of, and pytest prints nothing."""
        self.failure = self.failure or excinfo.value
        return True

    def _grade(self, student: Student, seed: int, exercises: Collection[str]) -> tuple[ExerciseResult, ...]:
        self._student, self._seed = student, seed
        try:
            # What a student returns may overflow in whatever a check computes from it: that is a wrong value, and no warning of ours.
            with np.errstate(all="ignore"):
                return tuple(self._exercise(exercise) for exercise in self.unit.exercises if exercise.name in exercises)
        finally:
            self._student = None

    def _exercise(self, exercise: Exercise) -> ExerciseResult:
        try:
            results = tuple(result for function in exercise.functions for result in self._function(function))
        finally:
            self._leave_module()
        return ExerciseResult(exercise.name, exercise.bonus, results)

    def _leave_module(self) -> None:
        """What every test of an exercise needs set up (its module, its packages) stays so from one to the next, and is torn down after the last."""
        item = next(iter(self.items.values()))[0]
        item.session._setupstate.teardown_exact(None)  # pytest has no public way to say that there is no next test after all

    def _function(self, function: Function) -> list[CheckResult]:
        """The checks of a function in the catalogue's order; those that require another one are judged after it, and only if it passed."""
        verdicts: dict[str, CheckResult] = {}
        for check in sorted(function.checks, key=lambda check: bool(check.requires)):
            required = verdicts.get(check.requires)
            if required is None or required.outcome is Outcome.PASSED:
                verdicts[check.name] = self._judge(function.name, check)
            else:
                message = f"This is judged only once `{required.name}` passes."
                verdicts[check.name] = CheckResult(check.name, function.name, 0.0, check.points, required.outcome, message)
        return [verdicts[check.name] for check in function.checks]

    def _judge(self, function: str, check: Check) -> CheckResult:
        """Run a check's tests; the first that does not pass decides."""
        for item in self.items[check.name]:
            problem = self._outcome(item)
            if problem is not None:
                return self._verdict(function, check.name, check.points, self._blamed(item, problem))
        return CheckResult(check.name, function, check.points, check.points, Outcome.PASSED, "")

    def _outcome(self, item: pytest.Item) -> BaseException | None:
        """Run a test; what it raised, or None."""
        self.excinfo, self._running = None, item.name
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=self.siblings[item])
        # Without assignments in between the type checker believes that it is still None.
        excinfo: pytest.ExceptionInfo[BaseException] | None = self.excinfo
        return excinfo.value if excinfo else None

    def _blamed(self, item: pytest.Item, problem: BaseException) -> BaseException:
        """The same; but where a check stumbles over a submission and not over the solutions, the submission's value is wrong."""
        expected = isinstance(problem, (StudentFault, CheckFailed, AssertionError, GraderError)) or not isinstance(problem, Exception)
        if expected or self.solved is None:
            return problem
        student = self._student
        try:
            with self.solved() as self._student:
                return problem if self._outcome(item) is not None else CheckFailed(BARE)
        finally:
            self._student = student

    def _verdict(self, function: str, check: str, points: float, problem: BaseException) -> CheckResult:
        misconception, picture = None, None
        if isinstance(problem, StudentFault):
            named = exceptions.explained(function, problem)
            outcome, message, misconception = named.outcome, named.message, named.misconception
        elif isinstance(problem, CheckFailed):
            outcome, message, misconception, picture = Outcome.FAILED, problem.message, problem.misconception, problem.picture
        elif isinstance(problem, AssertionError):
            outcome, message = Outcome.FAILED, str(problem) or BARE
        elif isinstance(problem, GraderError):
            raise problem
        else:
            raise GraderError(f"the check {check} is broken: {type(problem).__name__}: {problem}") from problem
        shown = printable_lines(message, self.unit.limits.message_characters)
        return CheckResult(check, function, 0.0, points, outcome, shown, misconception, picture)
