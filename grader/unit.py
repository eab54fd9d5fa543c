"""Loads and validates the catalogue `grader/unit.toml`: exercises, functions, checks, points, limits and the walk-through.

Reads trusted data only. Every contradiction is a `UnitError` that names file, key and fix, so that an instructor who edits the catalogue
learns what to change before any submission is graded.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from grader.errors import UnitError

PACKAGE = Path(__file__).resolve().parent
Record = TypeVar("Record")

UNIT_FILE = PACKAGE / "unit.toml"
CHECKS_DIRECTORY = PACKAGE / "checks"


def data_directory(name: Literal["exercises", "solutions", "bank"]) -> Path:
    """Where the stubs, the solutions or the bank of submissions are: inside the installed package, or beside `grader/` in a clone."""
    inside = PACKAGE / "data" / name
    beside = PACKAGE.parent / ("tests/submissions" if name == "bank" else name)
    return inside if inside.is_dir() else beside


@dataclass(frozen=True, slots=True)
class Check:
    """One hidden check: `test_<name>` in `grader/checks/test_<exercise>.py`.

    `requires` names another check of the same function: until that one passes, this one is not judged and earns nothing. A function that returns
    nothing right deserves no points for leaving its arguments alone.
    """

    name: str
    points: float
    requires: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """One function (or `autograd.Function` class) a student writes. `handout` is the anchor of the handout's section on it."""

    name: str
    signature: str
    handout: str
    checks: tuple[Check, ...]
    kind: Literal["function", "autograd_function"] = "function"


@dataclass(frozen=True, slots=True)
class Exercise:
    """One file a student writes. In a `manual` exercise autograd is forbidden."""

    name: str
    title: str
    points: float
    functions: tuple[Function, ...]
    bonus: bool = False
    manual: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use: seconds, MiB, bytes, counts (contract, section 2 and 3)."""

    load_seconds: float
    call_seconds: float
    submission_seconds: float
    memory_mib: int
    source_bytes: int
    notebook_bytes: int
    archive_bytes: int
    archive_members: int
    archive_ratio: int
    message_characters: int
    result_bytes: int


@dataclass(frozen=True, slots=True)
class WalkThrough:
    """The lesson's numbers for one latent dimension: four inputs, beta, and what follows from them (contract, section 1)."""

    mu: float
    sigma: float
    epsilon: float
    grad_z: float
    beta: float

    @property
    def log_var(self) -> float:
        """The logarithm of the variance, log sigma^2."""
        return 2.0 * math.log(self.sigma)

    def derived(self) -> dict[str, float]:
        """The lesson's derived values, by the names of the contract's table, computed from the five inputs."""
        grad_mu, grad_sigma = self.grad_z, self.grad_z * self.epsilon
        kl_mu, kl_sigma = self.mu, self.sigma - 1.0 / self.sigma
        return {
            "z": self.mu + self.sigma * self.epsilon,
            "grad_mu": grad_mu,
            "grad_sigma": grad_sigma,
            "kl": 0.5 * (self.mu**2 + self.sigma**2 - 1.0 - self.log_var),
            "kl_grad_mu": kl_mu,
            "kl_grad_sigma": kl_sigma,
            "total_mu": grad_mu + self.beta * kl_mu,
            "total_sigma": grad_sigma + self.beta * kl_sigma,
        }


@dataclass(frozen=True, slots=True)
class Unit:
    """The whole catalogue."""

    name: str
    title: str
    walk_through: WalkThrough
    limits: Limits
    exercises: tuple[Exercise, ...]

    def exercise(self, name: str) -> Exercise:
        """The exercise of that name; KeyError if there is none."""
        return {exercise.name: exercise for exercise in self.exercises}[name]

    def exercise_of(self, function: str) -> Exercise:
        """The exercise a function belongs to; KeyError if there is no such function."""
        return {f.name: exercise for exercise in self.exercises for f in exercise.functions}[function]

    def function(self, name: str) -> Function:
        """The function of that name; KeyError if there is none."""
        return {f.name: f for exercise in self.exercises for f in exercise.functions}[name]


def load(path: Path = UNIT_FILE) -> Unit:
    """Read and validate a catalogue.

    Raises:
        UnitError: the file cannot be read, a key is unknown, missing or of the wrong type, a number makes no sense, or points do not sum up.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnitError(f"{path}: cannot be read as TOML: {error}") from error
    if table.pop("schema", None) != 1:
        raise UnitError(f"{path}: schema: this version reads schema = 1; set it, or install the version the file was written for")
    table["walk_through"] = _record(WalkThrough, table.get("walk_through"), f"{path}: [walk_through]")
    table["limits"] = _record(Limits, table.get("limits"), f"{path}: [limits]")
    table["exercises"] = tuple(_exercise(entry, path) for entry in _tables(table.pop("exercise", None), f"{path}: [[exercise]]"))
    unit = _record(Unit, table, f"{path}: top level")
    _validate(unit, path)
    return unit


@cache
def current() -> Unit:
    """The catalogue this package ships, loaded once a process."""
    return load()


def _exercise(entry: dict[str, Any], path: Path) -> Exercise:
    where = f"{path}: exercise {entry.get('name', '(no name)')!r}"
    functions = []
    for table in _tables(entry.pop("function", None), f"{where}: [[exercise.function]]"):
        place = f"{where}: function {table.get('name', '(no name)')!r}"
        checks = _tables(table.pop("check", None), f"{place}: [[exercise.function.check]]")
        functions.append(_record(Function, table | {"checks": tuple(_record(Check, check, f"{place}: check") for check in checks)}, place))
    return _record(Exercise, entry | {"functions": tuple(functions)}, where)


def _tables(value: object, where: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not value or not all(isinstance(entry, dict) for entry in value):
        raise UnitError(f"{where}: missing; write at least one such table")
    return value


_ACCEPTED: Mapping[str, tuple[type, ...]] = {"float": (int, float), "int": (int,), "str": (str,), "bool": (bool,)}


def _record(kind: type[Record], table: object, where: str) -> Record:
    """Build a dataclass from a TOML table whose keys must be exactly its fields."""
    if not isinstance(table, dict):
        raise UnitError(f"{where}: missing; add the table")
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]  # only dataclasses are passed
    for key in table:
        if key not in known:
            raise UnitError(f"{where}: unknown key {key!r}; known are {', '.join(known)}")
    for name, field in known.items():
        if name not in table:
            if field.default is MISSING:
                raise UnitError(f"{where}: key {name!r} is missing; add it")
            continue
        accepted = _ACCEPTED.get(str(field.type), (object,))
        value = table[name]
        if not isinstance(value, accepted) or (isinstance(value, bool) and bool not in accepted and object not in accepted):
            raise UnitError(f"{where}: {name} = {value!r}: must be {' or '.join(kind.__name__ for kind in accepted)}")
        if isinstance(value, float) and not math.isfinite(value):
            raise UnitError(f"{where}: {name} = {value!r}: must be a finite number")
    return kind(**table)


def _validate(unit: Unit, path: Path) -> None:
    if unit.walk_through.sigma <= 0:
        raise UnitError(f"{path}: [walk_through]: sigma = {unit.walk_through.sigma}: a standard deviation is positive")
    for field in fields(Limits):
        if getattr(unit.limits, field.name) <= 0:
            raise UnitError(f"{path}: [limits]: {field.name}: must be positive")
    _unique([exercise.name for exercise in unit.exercises], f"{path}: exercise names")
    _unique([function.name for exercise in unit.exercises for function in exercise.functions], f"{path}: function names")
    _unique([check.name for exercise in unit.exercises for f in exercise.functions for check in f.checks], f"{path}: check names")
    for exercise in unit.exercises:
        _validate_exercise(exercise, path)


def _validate_exercise(exercise: Exercise, path: Path) -> None:
    where = f"{path}: exercise {exercise.name!r}"
    if not exercise.name.isidentifier():
        raise UnitError(f"{where}: name: must be a Python module name")
    for function in exercise.functions:
        if function.kind not in ("function", "autograd_function"):
            raise UnitError(f"{where}: function {function.name!r}: kind = {function.kind!r}: must be 'function' or 'autograd_function'")
        for check in function.checks:
            if check.points <= 0:
                raise UnitError(f"{where}: check {check.name!r}: points = {check.points}: a check is worth something, or should be removed")
            if check.requires and check.requires not in {other.name for other in function.checks if not other.requires}:
                raise UnitError(f"{where}: check {check.name!r}: requires = {check.requires!r}: must be a check of its function that requires none")
            if not check.name.startswith(f"{function.name}_"):
                raise UnitError(f"{where}: check {check.name!r}: must begin with the name of its function, '{function.name}_'")
    total = math.fsum(check.points for function in exercise.functions for check in function.checks)
    if not math.isclose(total, exercise.points, abs_tol=1e-9):
        raise UnitError(f"{where}: its checks sum to {total:g} points, the exercise promises {exercise.points:g}; change one of them")


def _unique(names: list[str], where: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise UnitError(f"{where}: {name!r} stands twice; rename one")
