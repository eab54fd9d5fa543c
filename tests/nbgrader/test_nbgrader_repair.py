"""Whatever is handed in, what comes out is a sound notebook with every graded cell of the assignment in it, once."""

from __future__ import annotations

import json
import os
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.nbgrader import exporter
from grader.nbgrader.repair import MOST_CELLS, OwnCell, repaired

OWN = [
    OwnCell("text", "markdown", "Read this.", True, False, None, "0" * 32),
    OwnCell("answer", "code", "def answer(): ...", False, True, None, "1" * 32),
    OwnCell("answer-checks", "code", "# worth 3", True, False, 3.0, "2" * 32),
    OwnCell("more-checks", "code", "# worth 4", True, False, 4.0, "3" * 32),
]
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
ids = st.sampled_from([cell.name for cell in OWN]) | junk
metadata = st.fixed_dictionaries({}, optional={"nbgrader": st.fixed_dictionaries({}, optional={"grade_id": ids, "points": junk}) | junk}) | junk
cells = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw"]) | junk,
        "source": st.text() | st.lists(st.text(), max_size=3) | junk,
        "metadata": metadata,
        "outputs": junk,
        "attachments": junk,
        "id": junk,
    },
)
notebooks = st.fixed_dictionaries({"cells": st.lists(cells, max_size=6) | junk}, optional={"metadata": junk, "nbformat": junk})


def sound(content: bytes | None) -> nbformat.NotebookNode:
    notebook, _ = repaired(content, OWN)
    nbformat.validate(notebook)
    found = [cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert len(found) == len(set(found))
    assert {"answer-checks", "more-checks"} <= set(found)
    for cell in notebook.cells:
        own = {cell.name: cell for cell in OWN}.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if own is not None:
            assert cell.cell_type == own.kind
            assert cell.metadata.nbgrader.get("points") == own.points
            assert not own.locked or cell.source == own.source
        elif cell.cell_type == "markdown":
            assert cell.source.startswith("```")
        assert cell.get("outputs", []) == []
    return notebook


@given(notebooks | junk)
def test_any_json_becomes_a_sound_notebook(content):
    sound(json.dumps(content).encode("utf-8", "surrogatepass"))


@given(st.none() | st.binary())
def test_any_bytes_become_a_sound_notebook(content):
    sound(content)


def handed_in(*cells: tuple[str, str, str | None]) -> bytes:
    made = [
        {"cell_type": kind, "source": source, "metadata": {} if name is None else {"nbgrader": {"grade_id": name}}} for kind, source, name in cells
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def test_an_untouched_notebook_stays_as_it_is_and_needs_no_remark():
    notebook, remarks = repaired(handed_in(*((cell.kind, cell.source, cell.name) for cell in OWN)), OWN)
    assert [cell.source for cell in notebook.cells] == [cell.source for cell in OWN]
    assert remarks == []


def test_a_missing_graded_cell_stands_behind_its_predecessor():
    notebook, (remark,) = repaired(handed_in(("code", "x = 1", None), ("code", "mine", "answer"), ("code", "y = 2", None)), OWN)
    assert [cell.source for cell in notebook.cells] == ["x = 1", "mine", "# worth 3", "# worth 4", "y = 2"]
    assert "answer-checks, more-checks" in remark


def test_of_a_cell_that_stands_twice_the_last_is_shown_as_the_assignments():
    notebook, remarks = repaired(handed_in(("code", "old", "answer"), ("code", "new", "answer")), OWN)
    assert [(cell.source, "nbgrader" in cell.metadata) for cell in notebook.cells[:2]] == [("old", False), ("new", True)]
    assert any("more than once, and is shown once: answer." in remark for remark in remarks)


@pytest.mark.parametrize("source", ["<script>", "```\n<script>", "~~~\n````````\n<b>", "    ```` <img>"])
def test_a_students_text_cannot_leave_its_fence(source):
    notebook, _ = repaired(handed_in(("markdown", source, None)), OWN)
    fence, *lines, end = next(cell.source for cell in notebook.cells if cell.cell_type == "markdown").split("\n")
    assert "\n".join(lines) == source
    assert fence == f"{end}text"
    assert not any(line.strip().startswith(end) for line in lines)


def test_of_a_notebook_with_too_many_cells_the_assignments_own_are_shown():
    notebook, remarks = repaired(handed_in(*[("code", "pass", None)] * (MOST_CELLS + 1), ("code", "mine", "answer")), OWN)
    assert [cell.source for cell in notebook.cells] == ["mine", "# worth 3", "# worth 4"]
    assert f"{MOST_CELLS:,}" in remarks[0]


def test_a_notebook_that_its_owner_lets_nobody_read_is_none(tmp_path: Path) -> None:
    notebook = tmp_path / "kl.ipynb"
    notebook.write_text("{}")
    notebook.chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        assert exporter.handed_in(notebook) is None
    finally:
        if root:
            os.seteuid(0)
