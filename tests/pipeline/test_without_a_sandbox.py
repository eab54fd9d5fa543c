"""What a run settles by itself, without starting a single job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from running import grade

from grader import pipeline
from grader.errors import GraderError
from grader.intake import Entry
from grader.intake.layouts import class_entries
from grader.jobs.local import LocalJobs
from grader.model import Result, Row, Status, Submission
from grader.results.store import stored_origins
from grader.unit import Unit, current


class Seen:
    """A watch that remembers."""

    def __init__(self) -> None:
        self.total = 0
        self.results: dict[str, tuple[Status, str]] = {}
        self.unchanged: list[str] = []

    def begin(self, total: int) -> None:
        self.total = total

    def kept(self, result: Result) -> None:
        self.unchanged.append(result.submission)

    def done(self, result: Result, reason: str) -> None:
        self.results[result.submission] = (result.status, reason)


def run(folder: Path, **options: Any) -> tuple[Seen, list[Row]]:
    seen = Seen()
    with LocalJobs(1, "strict", current().limits) as jobs:
        return seen, pipeline.run(pipeline.Order(folder / "class", folder / "out", **options), jobs, seen)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three submissions with nothing in them."""
    for name in ("a", "b", "c"):
        (tmp_path / "class" / name).mkdir(parents=True)
    return tmp_path


def test_a_submission_that_the_machine_cannot_read_is_a_fault_and_the_others_are_graded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really_read = pipeline.read

    def failing_disk(entry: Entry, unit: Unit) -> Submission:
        if entry.name == "b":
            raise GraderError("class/b: cannot be read (Input/output error)")
        return really_read(entry, unit)

    monkeypatch.setattr(pipeline, "read", failing_disk)
    seen, rows = run(folder)
    assert {name: status for name, (status, _) in seen.results.items()} == {"a": "rejected", "b": "fault", "c": "rejected"}
    assert "Input/output error" in seen.results["b"][1]
    assert [row.score for row in rows] == [0.0, None, 0.0]
    document = (folder / "out" / "results" / "b.json").read_text()
    assert json.loads(document)["score"] is None
    assert "Input/output error" not in document
    assert "Input/output error" in (folder / "out" / "faults" / "b.txt").read_text()
    monkeypatch.undo()
    seen, rows = run(folder)
    assert (list(seen.results), seen.unchanged) == (["b"], ["a", "c"])
    assert not (folder / "out" / "faults" / "b.txt").exists()


def test_a_rejected_submission_is_graded_again_once_something_is_in_it(folder: Path) -> None:
    run(folder)
    (folder / "class" / "b" / "notes.txt").touch()
    seen, _ = run(folder)
    assert set(seen.unchanged) >= {"a", "c"}
    assert seen.total == 3


def test_of_a_large_class_only_what_needs_a_look_is_listed(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / "class" / f"s{number:03}").mkdir(parents=True)
    done = grade("run", tmp_path / "class", "-o", tmp_path / "out")
    assert len([line for line in done.stdout.splitlines() if line.endswith("rejected")]) == 60
    assert "40 of 100 are not listed here" in done.stdout
    assert len(grade("show", tmp_path / "out").stdout.splitlines()) == 103


def test_a_latecomer_whose_name_differs_in_case_alone_renames_nobody(folder: Path) -> None:
    run(folder)
    for name in ("A", "B", "Ö", "ö"):
        (folder / "class" / name).mkdir()
    for latecomers in (4, 0):
        seen, rows = run(folder)
        assert len(seen.results) == latecomers
        assert sorted(row.submission for row in rows) == ["A", "B", "a", "b", "c", "Ö", "ö"]
        names = {row.submission: row.file_name for row in rows}
        assert {names[name] for name in "abc"} == {"a", "b", "c"}
        assert len({name.casefold() for name in names.values()}) == len(rows)


def test_a_namesake_on_gradescope_changes_nothing_for_who_was_there_first(tmp_path: Path) -> None:
    """Neither by handing in after it, nor by handing in again under another number."""
    metadata = {1: ("1001", "10:00"), 2: ("1002", "11:00"), 3: ("1002", "12:00"), 4: ("1001", "13:00")}
    for present in ((1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)):
        lines = []
        for number in present:
            (tmp_path / "class" / f"submission_{number}").mkdir(parents=True, exist_ok=True)
            sid, time = metadata[number]
            lines += [
                f"submission_{number}:",
                "  :submitters:",
                "  - :name: Bob Smith",
                f"    :sid: '{sid}'",
                f"  :created_at: 2026-11-20 {time}:00 Z",
            ]
        (tmp_path / "class" / "submission_metadata.yml").write_text("\n".join(lines) + "\n")
        seen = Seen()
        with LocalJobs(1, "strict", current().limits) as jobs:
            order = pipeline.Order(tmp_path / "class", tmp_path / "out")
            rows = pipeline.run(order, jobs, seen, class_entries(tmp_path / "class"))
        names = ["Bob Smith", "Bob Smith (1002)"]
        assert sorted(row.file_name for row in rows if "-" not in row.file_name) == names[: min(len(present), 1)]
        stored = {name: [person.ids["sis"] for person in origin.people] for name, origin in stored_origins(tmp_path / "out").items()}
        assert stored["Bob Smith"] == ["1001"]
        assert sorted(ids for [ids] in stored.values()) == ["1001", "1002"][: len(present)]
