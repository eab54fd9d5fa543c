"""A whole class at once: `grade run` over `submitted/`, and every result goes into course and gradebook as `nbgrader autograde` would put it there.

What nbgrader does notebook by notebook, with a new connection to the gradebook each time, is done here once a submission; the tests hold the two
against each other. A run that was interrupted goes on from the results that are stored, and enters those again that are already entered, which
changes nothing.
"""

from __future__ import annotations

import glob
import os
import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import AutogradeApp
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import is_ignored, parse_utc
from sqlalchemy.exc import SQLAlchemyError

from grader.errors import GraderError, UsageError
from grader.intake import Entry
from grader.intake.folder import read_file
from grader.intake.members import Refused
from grader.intake.names import file_names
from grader.model import Result, Status
from grader.nbgrader.exporter import handed_in, own_cells
from grader.nbgrader.feedback import show
from grader.nbgrader.gradebook import record
from grader.nbgrader.repair import repaired
from grader.nbgrader.unit_grading import UnitGrading
from grader.pipeline import Watch
from grader.results.store import write_file
from grader.unit import current

READ_ONLY, WRITABLE_BY_GROUP = 0o444, 0o664
TIMESTAMP_BYTES = 1000
PARTIAL = ".autograded.partial"
DEEPEST = 100


class Course:
    """A course folder with its configuration, as nbgrader sees it.

    Raises:
        UsageError: there is no course in this folder, it does not have this assignment graded by this package, or it has several and none was named.
    """

    def __init__(self, root: Path, assignment: str | None) -> None:
        if not (root / "nbgrader_config.py").is_file():
            raise UsageError(f"{root}: holds no nbgrader_config.py; `grade nbgrader init {root}` makes a course of it")
        self.app = AutogradeApp(load_cwd_config=False, log_level=50)
        self.app.initialize([], root=str(root.resolve()))
        self.directory: CourseDirectory = self.app.coursedir
        self.grading = UnitGrading(parent=self.app)
        names = self.grading.names
        if assignment is None and len(names) > 1:
            raise UsageError(f"{root / 'nbgrader_config.py'}: has several assignments graded by this package; name one of them: {', '.join(names)}")
        if not names or assignment not in (None, *names):
            raise UsageError(
                f"{root / 'nbgrader_config.py'}: does not have {assignment or 'any assignment'} graded by this package; "
                f"`grade nbgrader init {root} --assignment {assignment or 'NAME'}` adds it, and `nbgrader autograde` grades others"
            )
        self.assignment: str = names[0] if assignment is None else assignment

    @property
    def results(self) -> Path:
        """Where results of `grade nbgrader autograde` lie, as `grade run` leaves them."""
        return Path(self.directory.root) / "results" / self.assignment

    def path(self, step: str, student: str) -> Path:
        """A student's folder of one of nbgrader's steps."""
        return Path(self.directory.format_path(step, student, self.assignment))

    def entries(self) -> list[Entry]:
        """What was handed in, a folder a student.

        Raises:
            UsageError: nothing was.
        """
        place = {"nbgrader_step": self.directory.submitted_directory, "student_id": "*", "assignment_id": glob.escape(self.assignment)}
        folders = Path(self.directory.root).glob(self.directory.directory_structure.format(**place))
        places = sorted(folder for folder in folders if folder.is_dir())
        if not places:
            raise UsageError(f"nothing was handed in; submissions belong to {self.path(self.directory.submitted_directory, 'STUDENT')}")
        pattern = self.directory.format_path(self.directory.submitted_directory, "(?P<student>.*)", re.escape(self.assignment), escape=True)
        students = [re.fullmatch(pattern, str(place), re.DOTALL) for place in places]
        raw = [os.fsencode(student["student"]) for student in students if student]
        names = [name.decode("utf-8", "backslashreplace") for name in raw]
        stems = file_names(list(zip(names, raw, strict=True)))
        return [Entry(*entry) for entry in zip(places, names, stems, strict=True)]

    @contextmanager
    def gradebook(self) -> Iterator[Any]:
        """The gradebook, in which the assignment is known to be.

        Raises:
            UsageError: the assignment was not generated yet.
        """
        with Gradebook(self.directory.db_url, self.directory.course_id) as gradebook:
            try:
                gradebook.find_assignment(self.assignment)
            except MissingEntry as error:
                raise UsageError(
                    f"{self.assignment}: is not in the gradebook yet; in {self.directory.root}, run `nbgrader generate_assignment {self.assignment}`"
                ) from error
            yield gradebook


class Bookkeeper:
    """Implements `grader.pipeline.Watch`: enters every result into course and gradebook, then tells the next in line."""

    def __init__(self, course: Course, gradebook: Any, entries: Sequence[Entry], watch: Watch) -> None:
        self._course = course
        self._gradebook = gradebook
        self._entries = {entry.file_name: entry for entry in entries}
        self._watch = watch
        exercises = {exercise.name for exercise in current().exercises}
        notebooks = gradebook.find_assignment(course.assignment).notebooks
        self._own = {notebook.name: own_cells(notebook) for notebook in notebooks if notebook.name in exercises}
        # The assignment's cells, which every submission refers to, stay loaded: after a commit, too, and held here.
        gradebook.db().expire_on_commit = False
        self._cells = [cell for notebook in notebooks for cell in (*notebook.grade_cells, *notebook.solution_cells)]
        self._penalties = AssignLatePenalties(parent=course.app)
        self._penalties.init_plugin()

    def begin(self, total: int) -> None:
        """See `Watch.begin`."""
        self._watch.begin(total)

    def kept(self, result: Result) -> None:
        """See `Watch.kept`."""
        if self._is_entered(result):
            self._watch.kept(result)

    def done(self, result: Result, reason: str) -> None:
        """See `Watch.done`."""
        if result.status is Status.FAULT or self._is_entered(result):
            self._watch.done(result, reason)

    def _is_entered(self, result: Result) -> bool:
        """Enter a result. Where that fails over this submission alone, it counts as a fault of ours, and the class goes on."""
        try:
            self._enter(result)
        except GraderError:
            raise  # the disk's, or the database's
        except Exception:  # noqa: BLE001  # whatever a notebook made nbgrader or its libraries raise
            self._gradebook.db.rollback()
            reason = traceback.format_exc()
            write_file(self._fault(result), reason.encode("utf-8", "replace"))
            self._watch.done(replace(result, status=Status.FAULT, exercises=()), reason)
            return False
        return True

    def _enter(self, result: Result) -> None:
        entry = self._entries[result.file_name]
        shown = {}
        for name, own in self._own.items():
            path = entry.path / f"{name}.ipynb"
            if os.path.lexists(path):
                shown[name], remarks = repaired(handed_in(path), own)
                show(shown[name], result, remarks)
        try:
            self._book(entry, result, shown)
            self._write(entry, shown)
            # An earlier run may have failed to enter what is entered now.
            self._fault(result).unlink(missing_ok=True)
        except (OSError, SQLAlchemyError) as error:
            where = getattr(error, "filename", None) or self._course.directory.db_url
            raise GraderError(f"{where}: cannot be written ({error}); run the same command again when it can be: nothing is lost") from error

    def _fault(self, result: Result) -> Path:
        return self._course.results / "faults" / f"{result.file_name}.txt"

    def _book(self, entry: Entry, result: Result, shown: Mapping[str, Any]) -> None:
        gradebook, assignment = self._gradebook, self._course.assignment
        with _one_transaction(gradebook.db()):
            gradebook.update_or_create_student(entry.name)
            submission = gradebook.update_or_create_submission(assignment, entry.name, **_timestamp(entry.path))
            with gradebook.db.no_autoflush:
                record(submission, result, shown)
            late = submission.total_seconds_late
            if late > 0:
                # A penalty may depend on scores, which the database adds up.
                gradebook.db.flush()
                gradebook.db.expire_all()
            for notebook in submission.notebooks:
                if notebook.name in shown:
                    penalty = self._penalties.plugin_inst.late_submission_penalty(entry.name, notebook.score, late) if late > 0 else None
                    notebook.late_submission_penalty = None if penalty is None else self._penalties._check_late_penalty(notebook, penalty)

    def _write(self, entry: Entry, shown: Mapping[str, Any]) -> None:
        """Fill `autograded/`: the notebooks, and beside them the assignment's other files and the student's, of which the former win."""
        directory = self._course.directory
        autograded = self._course.path(directory.autograded_directory, entry.name)
        source = Path(directory.format_path(directory.source_directory, ".", self._course.assignment))
        mode = WRITABLE_BY_GROUP if directory.groupshared else READ_ONLY
        for name, notebook in shown.items():
            self._replace(autograded / f"{name}.ipynb", f"{nbformat.writes(notebook)}\n".encode(), mode)
        for folder in (source, entry.path):
            for file in _files(folder, [*directory.ignore, "*.ipynb"]):
                place = file.relative_to(folder)
                # What a student sent may clash with a file of the assignment, or be no file at all; that is no reason to stop.
                with suppress(OSError, Refused, GraderError):
                    if folder == source or not os.path.lexists(source / place):
                        self._replace(autograded / place, read_file(str(file), directory.max_file_size * 1000), mode)

    def _replace(self, path: Path, content: bytes, mode: int) -> None:
        """Put a file in its place, whole. It is written among the results, where no file of a student's can stand in its way."""
        if path.is_file() and path.read_bytes() == content:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._course.results / PARTIAL
        partial.unlink(missing_ok=True)
        partial.write_bytes(content)
        partial.chmod(mode)
        partial.replace(path)


@contextmanager
def _one_transaction(session: Any) -> Iterator[None]:
    """Nbgrader commits step by step. Here a submission is entered whole or not at all, and the disk is waited for once."""
    session.commit = session.flush
    try:
        yield
    finally:
        del session.commit
    session.commit()


def _files(folder: Path, ignored: list[str]) -> Iterator[Path]:
    """What nbgrader would copy. It looks for that recursively, and folders nested by the thousand would stop it: what lies so deep is left out."""
    waiting = [(folder, 0)]
    while waiting:
        here, depth = waiting.pop()
        with suppress(OSError), os.scandir(here) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if is_ignored(entry.path, ignored):
                    continue
                if not entry.is_dir(follow_symlinks=False):
                    yield Path(entry.path)
                elif depth < DEEPEST:
                    waiting.append((Path(entry.path), depth + 1))


def _timestamp(submitted: Path) -> dict[str, Any]:
    """When a submission was handed in, if its folder says so in a way that can be understood."""
    try:
        return {"timestamp": parse_utc(read_file(str(submitted / "timestamp.txt"), TIMESTAMP_BYTES).decode().strip())}
    except Exception:  # noqa: BLE001  # the parser raises much that it does not document over what a student may have written there
        return {}
